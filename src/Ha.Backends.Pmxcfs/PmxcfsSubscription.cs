using Ha.Core.Stores;

namespace Ha.Backends.Pmxcfs;

/// <summary>One open watch. Changed on the watcher's thread only.</summary>
internal sealed class PmxcfsSubscription(StoreKey prefix, WatchOptions options, long now)
{
    public StoreKey Prefix => prefix;

    public TimeSpan StaleAfter => options.StaleAfter;

    public WatchBuffer Buffer { get; } = new(options.BufferedKeys);

    /// <summary>Whether the snapshot was posted.</summary>
    public bool IsOpen { get; set; }

    public bool IsStalled { get; set; }

    /// <summary>Why the next listing is a resync; null: no need.</summary>
    public string? Gap { get; set; }

    /// <summary>When currency was last proven, as a time stamp.</summary>
    public long CurrentAt { get; set; } = now;
}
