namespace Ha.Watchdog;

/// <summary>What is done to a device before anybody may connect.</summary>
internal static class DeviceSetup
{
    /// <summary>Sets the time-out, makes sure that it is in force, and reports who the device is.</summary>
    /// <exception cref="FatalException">The device is not fit for use. It is disarmed.</exception>
    public static void Prepare(IWatchdogDevice device, TimeSpan timeout, IJournal journal)
    {
        try
        {
            device.SetTimeout(timeout);
            // All safety margins count with this number; a driver that rounded it up would break them silently.
            if (device.ReadTimeout() is var actual && actual != timeout)
                throw new FatalException($"watchdog set timeout: asked for {timeout.TotalSeconds} s, but the device has {actual.TotalSeconds} s: use another device or a --hardware-timeout that it can keep");
            var (identity, version) = device.ReadIdentity();
            journal.Write($"Watchdog driver '{identity}', version {version:x}");
        }
        catch (FatalException)
        {
            DisarmUnused(device, journal);
            throw;
        }
    }

    /// <summary>Stops a device that no client ever relied on.</summary>
    public static void DisarmUnused(IWatchdogDevice device, IJournal journal)
    {
        if (device.Disarm() is { } error)
            journal.Write(error);
    }
}
