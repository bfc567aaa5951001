namespace Ha.Backends.Embedded;

/// <summary>What one process's connections to one database have in common: the file they opened, and the furthest place they saw.</summary>
internal sealed class SqlitePlace(SqliteOptions options, BootClock clock)
{
    private FileIdentity? _file;
    private ulong _sequence;

    public SqliteOptions Options => options;

    public BootClock Clock => clock;

    /// <summary>The furthest change seen. To be taken before a question is sent, for answers may overtake each other.</summary>
    public ulong Sequence => Interlocked.Read(ref _sequence);

    /// <summary>Whether a connection was open before: then the file must exist.</summary>
    public bool IsKnown { get; private set; }

    public void Opened()
    {
        if (!IsKnown)
            _file = FileIdentity.Of(options.Path);
        IsKnown = true;
    }

    /// <exception cref="Core.Stores.StoreException"><see cref="Core.Stores.StoreError.Regressed"/>.</exception>
    public void CheckFile()
    {
        if (_file is { } file && FileIdentity.Of(options.Path) != file)
            throw SqliteErrors.Replaced(options.Path);
    }

    /// <exception cref="Core.Stores.StoreException"><see cref="Core.Stores.StoreError.Regressed"/>.</exception>
    public void Saw(ulong sequence, ulong floor)
    {
        if (sequence < floor)
            throw SqliteErrors.WentBack(options.Path, sequence, floor);
        for (var known = Sequence; sequence > known; known = Sequence)
            Interlocked.CompareExchange(ref _sequence, sequence, known);
    }
}
