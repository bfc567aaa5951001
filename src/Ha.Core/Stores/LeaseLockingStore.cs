namespace Ha.Core.Stores;

/// <summary>Makes TTL locks of any store with linearizable, atomic, conditional batches: the observer-timed lease.</summary>
/// <remarks>
/// <para>Two records a lock (see <see cref="LockKeys"/>): the owner's, whose revision is the fencing token, and the beat, which each renewal changes. A holder
/// counts from just before its request was sent, on the clock that counts suspend; an observer takes over only what it has witnessed unchanged, on the
/// clock that does not, for the longer of the holder's and its own TTL × (1 + margin), and only if both records are still the same at the commit. So no
/// lease, session or wall clock of a server plays a part.</para>
/// <para>A handle whose validity ran out stays lost, even if nobody took the lock: ask again, and it is taken with a new generation.</para>
/// <para>A call that finds its own write in doubt reads back once, and so may take two of the adapter's deadlines.</para>
/// </remarks>
public sealed class LeaseLockingStore : ILockingKvStore
{
    private const int GuardOperations = 2;
    private const int GuardBytes = 1024;

    private readonly IKeyValueStore _inner;
    private readonly LeaseBook _book;
    private readonly LeaseAcquisition _acquisition;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _observing;

    /// <summary>Wraps a store, which it then owns.</summary>
    /// <param name="inner">The store.</param>
    /// <param name="context">Clocks, timers, identity and log of this process.</param>
    /// <param name="observe">Whether to watch all lock records from now on, so that a take-over need not wait for a second TTL.</param>
    /// <exception cref="StoreException"><see cref="StoreError.Unsupported"/>: the store cannot write two keys together or read linearizably.</exception>
    public LeaseLockingStore(IKeyValueStore inner, StoreContext context, bool observe = true)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(context);
        var store = inner.Descriptor;
        if (!store.Can(StoreCapabilities.MultiKeyBatch | StoreCapabilities.LinearizableRead))
            throw new StoreException(StoreError.Unsupported, Applied.No, $"{store.Kind} cannot carry locks: it needs batches of several keys and linearizable reads");
        _inner = inner;
        _book = new LeaseBook(inner, context);
        _acquisition = new LeaseAcquisition(_book);
        Clock = context.Clock;
        // A guard adds conditions and writes of its own to the user's batch.
        Descriptor = store with
        {
            Limits = store.Limits with
            {
                MaxBatchOperations = store.Limits.MaxBatchOperations - GuardOperations,
                MaxBatchBytes = store.Limits.MaxBatchBytes - GuardBytes,
                MaxValueBytes = Math.Min(store.Limits.MaxValueBytes, store.Limits.MaxBatchBytes - GuardBytes - StoreKey.MaxLength),
            },
        };
        _observing = observe ? new LeaseObserver(inner, _book, context.Time).RunAsync(_end.Token) : Task.CompletedTask;
    }

    /// <inheritdoc/>
    public StoreDescriptor Descriptor { get; }

    /// <inheritdoc/>
    public IStoreClock Clock { get; }

    /// <inheritdoc/>
    public Task<KvEntry?> GetAsync(StoreKey key, ReadLevel level, CancellationToken cancel)
    {
        LockKeys.RefuseReserved(key);
        return _inner.GetAsync(key, level, cancel);
    }

    /// <inheritdoc/>
    public async Task<KvListing> ListAsync(StoreKey prefix, ReadLevel level, CancellationToken cancel)
    {
        LockKeys.RefuseReserved(prefix);
        return Visible(await _inner.ListAsync(prefix, level, cancel));
    }

    /// <inheritdoc/>
    public async Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel)
    {
        Check(batch);
        if (batch.Guard is not { } guard)
            return await _inner.CommitAsync(batch, cancel);
        var renewed = batch.Renews is null ? null : HandleOf(batch.Renews);
        if (renewed?.Loss is { } loss)
            return new KvOutcome.LockLost(loss);
        var ownerKey = LockKeys.Owner(guard.Name);
        var guarded = batch with { Guard = null, Renews = null, Conditions = batch.Conditions.Insert(0, new KvCondition(ownerKey, guard.OwnerRevision)) };
        if (renewed is not null)
            guarded = guarded.Put(LockKeys.Beat(guard.Name), renewed.NextBeat().Write());
        var sentAt = Clock.HolderNow;
        var outcome = await _book.CommitAsync(guard.Name, (guard.Generation, guard.Incarnation), guarded, cancel);
        if (outcome is KvOutcome.Conflict conflict && conflict.Key == ownerKey)
        {
            var why = _book.LossOf(guard, conflict.Current);
            return new KvOutcome.LockLost(renewed?.Lose(why) ?? why);
        }

        if (outcome is not KvOutcome.Committed committed)
            return outcome;
        renewed?.Renewed(sentAt);
        return new KvOutcome.Committed(
            committed.Sequence,
            Descriptor.Can(StoreCapabilities.EnforcedGuard) ? GuardStrength.Enforced : GuardStrength.Advisory,
            committed.Revisions.Where(r => !r.Key.IsUnder(LockKeys.Root)).ToDictionary(r => r.Key, r => r.Value));
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<WatchItem> WatchAsync(StoreKey prefix, WatchOptions options, CancellationToken cancel)
    {
        LockKeys.RefuseReserved(prefix);
        var items = _inner.WatchAsync(prefix, options, cancel);
        return prefix == StoreKey.Root ? items.Where(i => i is not WatchItem.Changed changed || !changed.Key.IsUnder(LockKeys.Root)).Select(Visible) : items;
    }

    /// <inheritdoc/>
    public Task<IPresence> AnnounceAsync(StoreKey key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancel)
    {
        LockKeys.RefuseReserved(key);
        return _inner.AnnounceAsync(key, value, ttl, cancel);
    }

    /// <inheritdoc/>
    public Task<LockAttempt> TryAcquireAsync(StoreKey name, LockOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        return _acquisition.TryAsync(name, options, cancel);
    }

    /// <inheritdoc/>
    public Task<LockView> InspectAsync(StoreKey name, CancellationToken cancel) => _acquisition.InspectAsync(name, cancel);

    /// <summary>Ends observation and closes the store. Locks stay held until they expire.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _observing;
        await _inner.DisposeAsync();
        _end.Dispose();
    }

    private static KvListing Visible(KvListing listing) =>
        listing.Entries.Any(e => e.Key.IsUnder(LockKeys.Root)) ? listing with { Entries = [.. listing.Entries.Where(e => !e.Key.IsUnder(LockKeys.Root))] } : listing;

    private static WatchItem Visible(WatchItem item) => item switch
    {
        WatchItem.Snapshot snapshot => new WatchItem.Snapshot(Visible(snapshot.Listing)),
        WatchItem.Resync resync => resync with { Listing = Visible(resync.Listing) },
        _ => item,
    };

    private void Check(KvBatch batch)
    {
        BatchRules.Check(batch, Descriptor);
        foreach (var condition in batch.Conditions)
            LockKeys.RefuseReserved(condition.Key);
        foreach (var write in batch.Writes)
            LockKeys.RefuseReserved(write.Key);
    }

    private LeaseHandle HandleOf(ILockHandle handle) => handle is LeaseHandle own && own.IsOf(_book)
        ? own
        : throw new ArgumentException($"the handle of '{handle.Token.Name}' comes from another store", nameof(handle));
}
