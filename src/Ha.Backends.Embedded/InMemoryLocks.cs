using Ha.Core.Model;
using Ha.Core.Stores;

namespace Ha.Backends.Embedded;

/// <summary>The server-timed locks: who holds what, and since when. Its caller holds the cluster's gate and brings the time.</summary>
internal sealed class InMemoryLocks
{
    private readonly Dictionary<StoreKey, Entry> _entries = [];

    /// <summary>One lock. Stays after release, so that generations never start again.</summary>
    internal sealed class Entry
    {
        public required string Holder { get; set; }

        public Guid Incarnation { get; set; }

        public ulong Generation { get; set; }

        public LockToken? Token { get; set; }

        public TimeSpan Ttl { get; set; }

        public TimeSpan ObserverWait { get; set; }

        public Instant RenewedAt { get; set; }

        public bool IsHeld { get; set; }

        public bool IsOf(LockToken token) => Generation == token.Generation && Incarnation == token.Incarnation;

        /// <summary>Strictly longer than the wait: exactly at its end the lock is still its holder's.</summary>
        public bool IsExpired(Instant now, TimeSpan wait) => now - RenewedAt > wait;

        public LockView View(Instant now, TimeSpan wait) => IsHeld
            ? new LockView(Holder, Generation, Ttl, Max(now - RenewedAt, TimeSpan.Zero), IsExpired(now, wait))
            : new LockView(null, Generation, TimeSpan.Zero, TimeSpan.Zero, Expired: false);

        private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
    }

    public Entry? Find(StoreKey name) => _entries.GetValueOrDefault(name);

    /// <summary>Why a token does not stand for its lock any more; null while it does. Time plays no part.</summary>
    public LockLoss? LossOf(LockToken token)
    {
        var entry = Find(token.Name);
        if (entry is null || !entry.IsOf(token))
            return LockLoss.Superseded;
        return entry.IsHeld ? null : LockLoss.Released;
    }

    /// <summary>Gives the lock to a new tenure.</summary>
    public LockToken Grant(StoreKey name, LockOptions options, Guid incarnation, Instant now, ulong sequence)
    {
        if (!_entries.TryGetValue(name, out var entry))
            _entries[name] = entry = new Entry { Holder = options.Holder };
        entry.Holder = options.Holder;
        entry.Incarnation = incarnation;
        entry.Generation++;
        entry.Ttl = options.Ttl;
        entry.ObserverWait = options.ObserverWait;
        entry.RenewedAt = now;
        entry.IsHeld = true;
        return entry.Token = new LockToken(name, entry.Generation, incarnation, new StoreRevision(0, sequence));
    }

    public List<InMemoryLock> Held() =>
        [.. _entries.Where(e => e.Value.IsHeld).OrderBy(e => e.Key).Select(e => new InMemoryLock(e.Key, e.Value.Holder, e.Value.Generation, e.Value.RenewedAt))];
}
