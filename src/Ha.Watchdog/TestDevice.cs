using System.Diagnostics;
using System.Globalization;

namespace Ha.Watchdog;

/// <summary>Behaves like a hardware timer, without one: keepalives go to a file, and <see cref="TestDeviceTimer"/>, a process apart, watches the file.</summary>
internal sealed class TestDevice : IWatchdogDevice
{
    private readonly FileStream _file;
    private readonly byte[] _record = TestDeviceRecord.Empty();
    private readonly TimeSpan _timeout;
    private ulong _count;

    private TestDevice(FileStream file, TimeSpan timeout) => (_file, _timeout) = (file, timeout);

    /// <summary>Creates the file and starts the timer.</summary>
    /// <param name="path">The keep-alive file; its directory must exist.</param>
    /// <param name="timeout">The time-out, fixed from the start.</param>
    /// <param name="expiryCommand">What the timer runs, by <c>/bin/sh -c</c>, when it expires.</param>
    /// <exception cref="FatalException">The file cannot be created, or the timer does not start.</exception>
    public static TestDevice Open(string path, TimeSpan timeout, string expiryCommand)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FatalException($"watchdog open: {e.Message}");
        }

        var device = new TestDevice(file, timeout);
        if (device.KeepAlive() is { } error)
            throw new FatalException($"watchdog open: {error}");
        StartTimer(Path.GetFullPath(path), timeout, expiryCommand);
        return device;
    }

    public void SetTimeout(TimeSpan timeout)
    {
        if (timeout != _timeout)
            throw new FatalException("watchdog set timeout: a test device keeps the time-out it was opened with");
    }

    public TimeSpan ReadTimeout() => _timeout;

    public (string Identity, uint FirmwareVersion) ReadIdentity() => ("test device (resets nothing but what its command does)", 0);

    public string? KeepAlive()
    {
        TestDeviceRecord.Write(_record, ++_count, Native.BootTime());
        return Put(_record);
    }

    public string? Disarm() => Put(TestDeviceRecord.Disarmed);

    private static void StartTimer(string path, TimeSpan timeout, string expiryCommand)
    {
        // As `dotnet watchdog-mux.dll` we are not our own program.
        var self = Environment.ProcessPath ?? throw new FatalException("watchdog open: the path of this program is unknown");
        var start = new ProcessStartInfo(self) { RedirectStandardOutput = true, RedirectStandardInput = true };
        if (string.Equals(Path.GetFileNameWithoutExtension(self), "dotnet", StringComparison.Ordinal))
            start.ArgumentList.Add(typeof(TestDevice).Assembly.Location);
        foreach (var argument in new[] { TestDeviceTimer.Command, path, timeout.TotalSeconds.ToString("R", CultureInfo.InvariantCulture), expiryCommand })
            start.ArgumentList.Add(argument);
        using var timer = Process.Start(start);
        if (timer?.StandardOutput.ReadLine() != TestDeviceTimer.Armed)
            throw new FatalException("watchdog open: the test device's timer did not start");
    }

    private string? Put(ReadOnlySpan<byte> record)
    {
        try
        {
            RandomAccess.Write(_file.SafeFileHandle, record, 0);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}
