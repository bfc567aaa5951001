using Ha.Core.Stores;

namespace Ha.Backends.Consul;

/// <summary>What this process knows of the store's history: its furthest index, and the last one seen of each key. Finds a store that went back in time.</summary>
/// <remarks>Every index is one of Raft's, which never falls. What is known is taken before a question is sent, for answers may overtake each other.</remarks>
internal sealed class ConsulPlace(string location)
{
    private const int MostKeys = 16 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<StoreKey, ulong> _keys = [];
    private readonly Dictionary<StoreKey, ulong> _listings = [];
    private ulong _sequence;
    private volatile string? _regression;

    /// <summary>The furthest index seen.</summary>
    public ulong Sequence => Interlocked.Read(ref _sequence);

    /// <exception cref="StoreException"><see cref="StoreError.Regressed"/>: for good.</exception>
    public void ThrowIfRegressed()
    {
        if (_regression is { } message)
            throw new StoreException(StoreError.Regressed, Applied.No, message);
    }

    /// <summary>Remembers that the store went back, and says so.</summary>
    public StoreException Regress(string what, Applied applied = Applied.No)
    {
        _regression ??= $"the Consul store {location} went back in time: {what}; stop all daemons, then find out who restored or replaced it";
        return new StoreException(StoreError.Regressed, applied, _regression);
    }

    public void Saw(ulong index)
    {
        for (var known = Sequence; index > known; known = Sequence)
            Interlocked.CompareExchange(ref _sequence, index, known);
    }

    public void Saw(StoreKey key, ulong index)
    {
        Saw(index);
        lock (_gate)
            Remember(_keys, key, index);
    }

    public ulong KnownOf(StoreKey key)
    {
        lock (_gate)
            return _keys.GetValueOrDefault(key);
    }

    /// <summary>Takes note of a listing.</summary>
    /// <returns>The key of an entry older than one known already; null: none is.</returns>
    public StoreKey? SawListing(StoreKey prefix, IReadOnlyList<KvEntry> entries, ulong index)
    {
        Saw(index);
        StoreKey? older = null;
        lock (_gate)
        {
            _listings[prefix] = index; // May fall, when Consul forgets deletions.
            if (_listings.Count > MostKeys)
                _listings.Clear();
            foreach (var entry in entries)
            {
                if (!Remember(_keys, entry.Key, entry.Revision.Low))
                    older ??= entry.Key;
            }
        }

        return older;
    }

    /// <summary>The least index a listing of a prefix has that is not behind what was seen; it may be above the true one after Consul has forgotten deletions.</summary>
    public ulong KnownUnder(StoreKey prefix)
    {
        lock (_gate)
            return Math.Max(_listings.GetValueOrDefault(prefix), _keys.Where(k => k.Key.IsUnder(prefix)).Select(k => k.Value).DefaultIfEmpty().Max());
    }

    private static bool Remember(Dictionary<StoreKey, ulong> known, StoreKey key, ulong index)
    {
        if (known.TryGetValue(key, out var before) && index <= before)
            return index == before;
        // Keys come and go for months. To forget makes a regression harder to find, and no other harm: locks have a memory of their own.
        if (known.Count >= MostKeys)
            known.Clear();
        known[key] = index;
        return true;
    }
}
