namespace Ha.Core.Stores;

/// <summary>What an adapter supplies: linearizable reads, atomic conditional batches, watches, presence. <c>LeaseLockingStore</c> makes
/// an <see cref="ILockingKvStore"/> of it. The guarantees G5 to G8, G11 and G13 to G16 of that interface are already due here.</summary>
public interface IKeyValueStore : IAsyncDisposable
{
    /// <summary>Which store this is and what it can do.</summary>
    StoreDescriptor Descriptor { get; }

    /// <summary>Reads one key.</summary>
    /// <returns>The entry, or null if the key does not exist.</returns>
    /// <exception cref="StoreException">No answer.</exception>
    Task<KvEntry?> GetAsync(StoreKey key, ReadLevel level, CancellationToken cancel);

    /// <summary>Reads everything under a prefix (segment by segment), the prefix's own key included.</summary>
    /// <exception cref="StoreException">No answer.</exception>
    Task<KvListing> ListAsync(StoreKey prefix, ReadLevel level, CancellationToken cancel);

    /// <summary>Applies a batch if its conditions hold.</summary>
    /// <exception cref="StoreException">Not applied, or nobody knows: see <see cref="StoreException.Applied"/>. Cancelling after sending is <see cref="StoreError.OutcomeUnknown"/>.</exception>
    Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel);

    /// <summary>Watches a prefix. The stream ends only by cancellation, or by an exception it cannot recover from.</summary>
    IAsyncEnumerable<WatchItem> WatchAsync(StoreKey prefix, WatchOptions options, CancellationToken cancel);

    /// <summary>Announces presence: the key exists while the announcer lives, and vanishes about <paramref name="ttl"/> after it fell silent.
    /// A hint for quick detection: it may vanish early or late and grants nothing.</summary>
    /// <param name="key">The key; taken over if it exists already.</param>
    /// <param name="value">Its bytes.</param>
    /// <param name="ttl">How long it outlives its announcer, within the store's limits.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="StoreException">No answer, or <see cref="StoreError.Unsupported"/>.</exception>
    Task<IPresence> AnnounceAsync(StoreKey key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancel);
}

/// <summary>A live announcement. Disposing withdraws it.</summary>
public interface IPresence : IAsyncDisposable
{
    /// <summary>Says "still here"; to be called at least every third of the TTL.</summary>
    /// <exception cref="StoreException">No answer, or <see cref="StoreError.PresenceLost"/>: announce again.</exception>
    Task RefreshAsync(CancellationToken cancel);
}
