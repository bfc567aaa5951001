using Ha.Core.Model;
using Ha.Core.Stores;

namespace Ha.Backends.Pmxcfs;

/// <summary>How long this process has seen each lock directory unchanged. A hint for when to ask again: only the cluster decides.</summary>
internal sealed class LockWitness(IStoreClock clock)
{
    private readonly Dictionary<StoreKey, Sight> _sights = [];

    /// <param name="Time">The directory's modification time.</param>
    /// <param name="FirstSeen">When this time was seen first.</param>
    /// <param name="ChangedAfter">The last look that saw another time: the change came after it. Null: nobody can tell when it came.</param>
    /// <param name="LastSeen">The last look.</param>
    private readonly record struct Sight(long Time, Instant FirstSeen, Instant? ChangedAfter, Instant LastSeen);

    /// <summary>Looks at a lock held by another.</summary>
    /// <param name="name">The lock.</param>
    /// <param name="time">Its directory's modification time.</param>
    /// <param name="lockTime">How long a silent lock is kept.</param>
    /// <returns>How long it was seen unchanged, and when it can be free at the earliest.</returns>
    public (TimeSpan Silence, TimeSpan EarliestRetry) Look(StoreKey name, long time, TimeSpan lockTime)
    {
        var now = clock.ObserverNow;
        var sight = !_sights.TryGetValue(name, out var known) ? new Sight(time, now, null, now)
            : known.Time == time ? known with { LastSeen = now }
            : new Sight(time, now, known.LastSeen, now);
        _sights[name] = sight;
        var earliest = sight.ChangedAfter is { } after ? lockTime - (now - after) : TimeSpan.Zero;
        return (now - sight.FirstSeen, earliest > Soon ? earliest : Soon);
    }

    /// <summary>The lock is free, or ours.</summary>
    public void Forget(StoreKey name) => _sights.Remove(name);

    private static TimeSpan Soon { get; } = TimeSpan.FromSeconds(1);
}
