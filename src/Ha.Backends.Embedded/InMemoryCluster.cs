using System.Diagnostics.CodeAnalysis;
using Ha.Core.Model;
using Ha.Core.Stores;

namespace Ha.Backends.Embedded;

/// <summary>A lock as the store has it.</summary>
/// <param name="Name">The lock.</param>
/// <param name="Holder">Who holds it.</param>
/// <param name="Generation">The current generation.</param>
/// <param name="RenewedAt">When it was acquired or last renewed, on the holder's clock.</param>
public readonly record struct InMemoryLock(StoreKey Name, string Holder, ulong Generation, Instant RenewedAt);

/// <summary>The state that in-memory stores share: documents, announcements and locks.</summary>
/// <remarks>Has no clock, thread or timer of its own: every question brings the asker's time with it, so one order of calls gives one result.
/// Safe to use from several threads.</remarks>
/// <param name="limits">What it refuses; 1 MiB a value and 128 operations a batch if not given.</param>
public sealed class InMemoryCluster(StoreLimits? limits = null)
{
    private static readonly StoreLimits Roomy = new(1 << 20, 1 << 20, 128, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));

    private readonly Dictionary<StoreKey, KvEntry> _entries = [];
    private readonly List<StoreKey> _sorted = [];
    private readonly Dictionary<StoreKey, Announcement> _announcements = [];
    private readonly List<InMemoryWatch> _watches = [];

    internal readonly record struct Announcement(Instant Until, ulong Id);

    /// <summary>The held locks by name, in ordinal order, expired ones included.</summary>
    public IReadOnlyList<InMemoryLock> Locks
    {
        get
        {
            lock (Gate)
                return LockTable.Held();
        }
    }

    internal StoreLimits Limits { get; } = limits ?? Roomy;

    internal Lock Gate { get; } = new();

    internal InMemoryLocks LockTable { get; } = new();

    /// <summary>The place of the last change. Locks and announcements draw from the same numbers.</summary>
    internal ulong Sequence { get; private set; }

    /// <summary>A client with clocks and an identity of its own.</summary>
    /// <param name="clock">Decides about the age of locks and announcements; all clients' clocks have one origin.</param>
    /// <param name="incarnation">Tells this client from others, also from earlier ones of the same node.</param>
    /// <param name="time">If given, open watches prove their currency, and announcements end, on its timers.</param>
    public InMemoryStore Connect(IStoreClock clock, Guid incarnation, TimeProvider? time = null) => new(this, clock, incarnation, time);

    // The members below are called under the gate.
    internal ulong NextSequence() => ++Sequence;

    internal KvEntry? Find(StoreKey key, Instant now)
    {
        DropExpired(now);
        return _entries.GetValueOrDefault(key);
    }

    internal KvListing List(StoreKey prefix, Instant now)
    {
        DropExpired(now);
        var found = new List<KvEntry>();
        for (var i = LowerBound(prefix); i < _sorted.Count && _sorted[i].Value.StartsWith(prefix.Value, StringComparison.Ordinal); i++)
        {
            // 'a-b' stands between 'a' and 'a/b' but is not under 'a'.
            if (_sorted[i].IsUnder(prefix))
                found.Add(_entries[_sorted[i]]);
        }

        return new KvListing(found, Sequence, Atomic: true);
    }

    internal bool Fails(KvBatch batch, Instant now, [NotNullWhen(true)] out KvOutcome.Conflict? conflict)
    {
        DropExpired(now);
        foreach (var condition in batch.Conditions)
        {
            var current = _entries.GetValueOrDefault(condition.Key);
            if (current?.Revision == condition.Revision)
                continue;
            conflict = new KvOutcome.Conflict(condition.Key, current);
            return true;
        }

        conflict = null;
        return false;
    }

    internal Dictionary<StoreKey, StoreRevision> Apply(KvBatch batch)
    {
        var revisions = new Dictionary<StoreKey, StoreRevision>(batch.Writes.Length);
        if (batch.Writes.IsEmpty)
            return revisions;
        var sequence = NextSequence();
        foreach (var (key, value) in batch.Writes)
        {
            _announcements.Remove(key);
            if (value is not { } bytes)
                Remove(key);
            else
                revisions[key] = Put(key, bytes, sequence).Revision;
        }

        return revisions;
    }

    internal ulong Announce(StoreKey key, ReadOnlyMemory<byte> value, Instant until)
    {
        var id = NextSequence();
        Put(key, value, id);
        _announcements[key] = new Announcement(until, id);
        return id;
    }

    internal bool Prolong(StoreKey key, ulong id, Instant until, Instant now)
    {
        DropExpired(now);
        if (!_announcements.TryGetValue(key, out var announcement) || announcement.Id != id)
            return false;
        _announcements[key] = announcement with { Until = until };
        return true;
    }

    internal void Withdraw(StoreKey key, ulong id)
    {
        if (!_announcements.TryGetValue(key, out var announcement) || announcement.Id != id)
            return;
        _announcements.Remove(key);
        NextSequence();
        Remove(key);
    }

    internal void Add(InMemoryWatch watch) => _watches.Add(watch);

    internal void Remove(InMemoryWatch watch) => _watches.Remove(watch);

    /// <summary>Lets the watches' readers go on; to be called after leaving the gate.</summary>
    internal void WakeWatches()
    {
        InMemoryWatch[] watches;
        lock (Gate)
        {
            if (_watches.Count == 0)
                return;
            watches = [.. _watches];
        }

        foreach (var watch in watches)
            watch.Wake();
    }

    private void DropExpired(Instant now)
    {
        if (_announcements.Count == 0)
            return;
        List<StoreKey>? expired = null;
        foreach (var (key, announcement) in _announcements)
        {
            if (now >= announcement.Until)
                (expired ??= []).Add(key);
        }

        foreach (var key in expired?.Order() ?? Enumerable.Empty<StoreKey>())
        {
            _announcements.Remove(key);
            NextSequence();
            Remove(key);
        }
    }

    private KvEntry Put(StoreKey key, ReadOnlyMemory<byte> value, ulong sequence)
    {
        // A copy: the caller may go on using its buffer.
        var entry = new KvEntry(key, value.ToArray(), new StoreRevision(0, sequence));
        if (!_entries.ContainsKey(key))
            _sorted.Insert(LowerBound(key), key);
        _entries[key] = entry;
        Tell(key, entry);
        return entry;
    }

    private void Remove(StoreKey key)
    {
        if (!_entries.Remove(key))
            return;
        _sorted.RemoveAt(LowerBound(key));
        Tell(key, null);
    }

    private void Tell(StoreKey key, KvEntry? now)
    {
        foreach (var watch in _watches)
            watch.Changed(key, now);
    }

    private int LowerBound(StoreKey key)
    {
        var found = _sorted.BinarySearch(key);
        return found < 0 ? ~found : found;
    }
}
