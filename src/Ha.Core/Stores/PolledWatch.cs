namespace Ha.Core.Stores;

/// <summary>One open watch of a store that is polled: what it has been told, and how old the last proof is that it was everything. Not thread-safe:
/// for the thread that polls.</summary>
/// <param name="prefix">What is watched.</param>
/// <param name="options">How.</param>
/// <param name="time">Counts.</param>
public sealed class PolledWatch(StoreKey prefix, WatchOptions options, TimeProvider time)
{
    private readonly TimeSpan _staleAfter = options.StaleAfter;
    private long _currentAt = time.GetTimestamp();
    private bool _isStalled;

    /// <summary>What is watched.</summary>
    public StoreKey Prefix => prefix;

    /// <summary>Where its reader finds the items.</summary>
    public WatchBuffer Buffer { get; } = new(options.BufferedKeys);

    /// <summary>Whether the snapshot was posted.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Why the next listing is a resync; null: no need.</summary>
    public string? Gap { get; set; }

    /// <summary>All that was posted is the store's state.</summary>
    /// <param name="at">When that was proven, as a time stamp of the given clock.</param>
    /// <param name="sequence">The store's place.</param>
    public void Prove(long at, ulong sequence)
    {
        (_currentAt, _isStalled) = (at, false);
        Buffer.Current(sequence);
        Buffer.Wake();
    }

    /// <summary>The store could not be looked at: the next listing is a resync, and a reader is told once it was too long.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="patience">How long a watch may wait for its snapshot.</param>
    /// <returns>False if it waited for its snapshot for longer than that: the caller fails it.</returns>
    public bool Suffer(StoreException failure, TimeSpan patience)
    {
        ArgumentNullException.ThrowIfNull(failure);
        var since = time.GetElapsedTime(_currentAt);
        if (!IsOpen && since > patience)
            return false;
        Gap = failure.Message;
        if (!IsOpen || _isStalled || since < _staleAfter)
            return true;
        _isStalled = true;
        Buffer.Stalled(since, failure.Message);
        Buffer.Wake();
        return true;
    }

    /// <summary>Ends it with an exception.</summary>
    public void Fail(StoreException failure)
    {
        Buffer.Fail(failure);
        Buffer.Wake();
    }
}
