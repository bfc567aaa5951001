namespace Ha.Watchdog.Tests.Support;

/// <summary>Remembers what was done to it.</summary>
internal sealed class FakeDevice(List<string>? calls = null) : IWatchdogDevice
{
    public List<string> Calls { get; } = calls ?? [];

    public TimeSpan? RoundsTimeoutTo { get; init; }

    public string? SetTimeoutError { get; init; }

    public string? IdentityError { get; init; }

    public string? KeepAliveError { get; set; }

    public int KeepAlives => Calls.Count(c => c == "keepalive");

    public bool IsDisarmed => Calls.Contains("disarm");

    private TimeSpan _timeout;

    public void SetTimeout(TimeSpan timeout)
    {
        Calls.Add("set time-out");
        if (SetTimeoutError is not null)
            throw new FatalException(SetTimeoutError);
        _timeout = RoundsTimeoutTo ?? timeout;
    }

    public TimeSpan ReadTimeout() => _timeout;

    public (string Identity, uint FirmwareVersion) ReadIdentity()
    {
        Calls.Add("get support");
        return IdentityError is null ? ("fake", 0x1Au) : throw new FatalException(IdentityError);
    }

    public string? KeepAlive()
    {
        Calls.Add("keepalive");
        return KeepAliveError;
    }

    public string? Disarm()
    {
        Calls.Add("disarm");
        return null;
    }
}

/// <summary>Remembers what was written.</summary>
internal sealed class FakeJournal : IJournal
{
    public List<string> Lines { get; } = [];

    public int Syncs { get; private set; }

    public void Write(string line) => Lines.Add(line);

    public void Sync(bool beforeExit) => Syncs++;
}
