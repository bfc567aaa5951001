using Ha.Core.Stores;

namespace Ha.Backends.Embedded;

/// <summary>One client of an <see cref="InMemoryCluster"/>: server-timed locks, enforced guards, and reachability under the host's control.</summary>
/// <remarks>
/// <para>No thread, no hidden wait: the task of every read, commit and lock is complete when the call returns.</para>
/// <para>A lock is free for others when the asker's clock is more than <see cref="LockOptions.ObserverWait"/> after its last renewal; exactly then it is
/// not. Up to that moment its owner may renew it, also after <see cref="ILockHandle.ValidUntil"/>. Both clocks of a lease are the client's
/// <see cref="IStoreClock.HolderNow"/>: the clients' clocks stand for one clock of a server.</para>
/// </remarks>
public sealed class InMemoryStore : ILockingKvStore
{
    private static readonly Task<KvEntry?> Missing = Task.FromResult<KvEntry?>(null);

    private readonly Guid _incarnation;

    internal InMemoryStore(InMemoryCluster cluster, IStoreClock clock, Guid incarnation, TimeProvider? time)
    {
        (Cluster, Clock, _incarnation, Time) = (cluster, clock, incarnation, time);
        Descriptor = new StoreDescriptor(
            "memory",
            "memory",
            typeof(InMemoryStore).Assembly.GetName().Version!.ToString(3),
            StoreCapabilities.EnforcedGuard | StoreCapabilities.MultiKeyBatch | StoreCapabilities.AtomicListing | StoreCapabilities.LinearizableRead
                | StoreCapabilities.PushWatch | StoreCapabilities.Presence | StoreCapabilities.RevisionSurvivesRecreate,
            cluster.Limits,
            InMemoryWatch.Pulse);
    }

    /// <inheritdoc/>
    public StoreDescriptor Descriptor { get; }

    /// <inheritdoc/>
    public IStoreClock Clock { get; }

    /// <summary>Whether documents and announcements answer this client; asked at each call. While false they are <see cref="StoreError.Unavailable"/>.</summary>
    public Func<bool> DocumentsReachable { get; set; } = static () => true;

    /// <summary>Whether locks answer this client; asked at each call. While false every acquisition, renewal, renewing commit, look and release is
    /// <see cref="StoreError.Unavailable"/>.</summary>
    public Func<bool> LocksReachable { get; set; } = static () => true;

    /// <summary>The whole message of a refused document operation.</summary>
    public string DocumentsRefusal { get; set; } = "the store does not answer";

    /// <summary>Why one document does not answer this client, as the whole message of its refusal; null if it does. Asked at each read of a key and
    /// for each write of a batch, after <see cref="DocumentsReachable"/>.</summary>
    public Func<StoreKey, string?> DocumentFault { get; set; } = static _ => null;

    /// <summary>Whether releases of locks answer this client, where <see cref="LocksReachable"/> lets it ask at all.</summary>
    public Func<bool> ReleasesReachable { get; set; } = static () => true;

    /// <summary>The whole message of a refused lock operation.</summary>
    public string LocksRefusal { get; set; } = "the store does not answer: no quorum";

    internal InMemoryCluster Cluster { get; }

    internal TimeProvider? Time { get; }

    /// <inheritdoc/>
    public Task<KvEntry?> GetAsync(StoreKey key, ReadLevel level, CancellationToken cancel)
    {
        if ((Refusal<KvEntry?>(DocumentsReachable, DocumentsRefusal, cancel) ?? Fault<KvEntry?>(key)) is { } refusal)
            return refusal;
        BatchRules.CheckKey(key);
        KvEntry? entry;
        lock (Cluster.Gate)
            entry = Cluster.Find(key, Clock.HolderNow);
        return entry is null ? Missing : Task.FromResult<KvEntry?>(entry);
    }

    /// <inheritdoc/>
    public Task<KvListing> ListAsync(StoreKey prefix, ReadLevel level, CancellationToken cancel)
    {
        if (Refusal<KvListing>(DocumentsReachable, DocumentsRefusal, cancel) is { } refusal)
            return refusal;
        lock (Cluster.Gate)
            return Task.FromResult(Cluster.List(prefix, Clock.HolderNow));
    }

    /// <inheritdoc/>
    public Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (Refusal<KvOutcome>(DocumentsReachable, DocumentsRefusal, cancel) is { } refusal)
            return refusal;
        foreach (var write in batch.Writes)
        {
            if (Fault<KvOutcome>(write.Key) is { } fault)
                return fault;
        }

        var renewed = batch.Renews is null ? null : HandleOf(batch.Renews);
        if (renewed is not null && Refusal<KvOutcome>(LocksReachable, LocksRefusal, cancel) is { } locksRefusal)
            return locksRefusal;
        BatchRules.Check(batch, Descriptor);
        KvOutcome outcome;
        lock (Cluster.Gate)
            outcome = Commit(batch, renewed);
        Cluster.WakeWatches();
        return Task.FromResult(outcome);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<WatchItem> WatchAsync(StoreKey prefix, WatchOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        return InMemoryWatch.ReadAsync(this, prefix, options, cancel);
    }

    /// <inheritdoc/>
    public Task<IPresence> AnnounceAsync(StoreKey key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancel)
    {
        if (Refusal<IPresence>(DocumentsReachable, DocumentsRefusal, cancel) is { } refusal)
            return refusal;
        BatchRules.CheckKey(key);
        BatchRules.CheckValue(key, value, Descriptor);
        var limits = Descriptor.Limits;
        if (ttl < limits.MinPresenceTtl || ttl > limits.MaxPresenceTtl)
            throw new StoreException(StoreError.Unsupported, Applied.No, $"a presence of {ttl.TotalSeconds:0.###} s: this store carries {limits.MinPresenceTtl.TotalSeconds:0.###} to {limits.MaxPresenceTtl.TotalSeconds:0.###} s");
        ulong id;
        lock (Cluster.Gate)
            id = Cluster.Announce(key, value, Clock.HolderNow + ttl);
        Cluster.WakeWatches();
        return Task.FromResult<IPresence>(new InMemoryPresence(this, key, id, ttl));
    }

    /// <inheritdoc/>
    public Task<LockAttempt> TryAcquireAsync(StoreKey name, LockOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (Refusal<LockAttempt>(LocksReachable, LocksRefusal, cancel) is { } refusal)
            return refusal;
        BatchRules.CheckKey(name);
        lock (Cluster.Gate)
            return Task.FromResult(Acquire(name, options));
    }

    /// <inheritdoc/>
    public Task<LockView> InspectAsync(StoreKey name, CancellationToken cancel)
    {
        if (Refusal<LockView>(LocksReachable, LocksRefusal, cancel) is { } refusal)
            return refusal;
        BatchRules.CheckKey(name);
        lock (Cluster.Gate)
        {
            var entry = Cluster.LockTable.Find(name);
            return Task.FromResult(entry?.View(Clock.HolderNow, entry.ObserverWait) ?? NeverTaken);
        }
    }

    /// <summary>Keeps nothing: locks stay held, announcements end by themselves.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal static Task<T>? Refusal<T>(Func<bool> reachable, string message, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested)
            return Task.FromCanceled<T>(cancel);
        return reachable() ? null : Task.FromException<T>(new StoreException(StoreError.Unavailable, Applied.No, message));
    }

    private Task<T>? Fault<T>(StoreKey key) =>
        DocumentFault(key) is { } message ? Task.FromException<T>(new StoreException(StoreError.Unavailable, Applied.No, message)) : null;

    private static LockView NeverTaken { get; } = new(null, 0, TimeSpan.Zero, TimeSpan.Zero, Expired: false);

    private KvOutcome Commit(KvBatch batch, InMemoryLockHandle? renewed)
    {
        if (renewed?.LossNow() is { } loss)
            return new KvOutcome.LockLost(renewed.Lose(loss));
        if (batch.Guard is { } guard && Cluster.LockTable.LossOf(guard) is { } lost)
            return new KvOutcome.LockLost(lost);
        if (Cluster.Fails(batch, Clock.HolderNow, out var conflict))
            return conflict;
        var revisions = Cluster.Apply(batch);
        renewed?.Refresh();
        return new KvOutcome.Committed(Cluster.Sequence, batch.Guard is null ? GuardStrength.None : GuardStrength.Enforced, revisions);
    }

    private LockAttempt Acquire(StoreKey name, LockOptions options)
    {
        var now = Clock.HolderNow;
        var entry = Cluster.LockTable.Find(name);
        var previous = entry?.View(now, options.ObserverWait) ?? NeverTaken;
        if (entry is not { IsHeld: true } || previous.Expired)
            return Grant(name, options, previous, adopted: false);
        var isSameHolder = string.Equals(entry.Holder, options.Holder, StringComparison.Ordinal);
        if (isSameHolder && entry.Incarnation == _incarnation)
        {
            entry.RenewedAt = Clock.HolderNow;
            (entry.Ttl, entry.ObserverWait) = (options.Ttl, options.ObserverWait);
            return new LockAttempt.Granted(new InMemoryLockHandle(this, entry, entry.Token!, options.Ttl, options.ObserverWait), previous, Adopted: true);
        }

        return isSameHolder && options.AdoptOwn
            ? Grant(name, options, previous, adopted: true)
            : new LockAttempt.Held(previous, options.ObserverWait - previous.Silence);
    }

    private LockAttempt.Granted Grant(StoreKey name, LockOptions options, LockView previous, bool adopted)
    {
        var token = Cluster.LockTable.Grant(name, options, _incarnation, Clock.HolderNow, Cluster.NextSequence());
        return new LockAttempt.Granted(new InMemoryLockHandle(this, Cluster.LockTable.Find(name)!, token, options.Ttl, options.ObserverWait), previous, adopted);
    }

    private InMemoryLockHandle HandleOf(ILockHandle handle) => handle is InMemoryLockHandle own && own.IsOf(this)
        ? own
        : throw new ArgumentException($"the handle of '{handle.Token.Name}' comes from another store", nameof(handle));
}
