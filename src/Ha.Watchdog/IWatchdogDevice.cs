namespace Ha.Watchdog;

/// <summary>An open watchdog timer. It is running from the moment it was opened. Forgetting it is no disarming: only <see cref="Disarm"/> stops it.</summary>
internal interface IWatchdogDevice
{
    /// <summary>Asks for a time-out.</summary>
    /// <exception cref="FatalException">The device refused.</exception>
    void SetTimeout(TimeSpan timeout);

    /// <summary>The time-out in force.</summary>
    TimeSpan ReadTimeout();

    /// <summary>Who it is: driver and firmware version.</summary>
    /// <exception cref="FatalException">The device does not say.</exception>
    (string Identity, uint FirmwareVersion) ReadIdentity();

    /// <summary>Restarts the timer. Allocates nothing if it succeeds.</summary>
    /// <returns>The error, or null.</returns>
    string? KeepAlive();

    /// <summary>Stops the timer and closes the device. Only where no client is connected.</summary>
    /// <returns>The error, or null.</returns>
    string? Disarm();
}
