using Ha.Core.Stores;

namespace Ha.Cli.Tests;

/// <summary>A store that has lost its majority: only stale reads are answered.</summary>
/// <param name="inner">The store as it was.</param>
internal sealed class QuorumlessStore(ILockingKvStore inner) : ILockingKvStore
{
    public StoreDescriptor Descriptor => inner.Descriptor;

    public IStoreClock Clock => inner.Clock;

    public Task<KvEntry?> GetAsync(StoreKey key, ReadLevel level, CancellationToken cancel) =>
        level == ReadLevel.Stale ? inner.GetAsync(key, level, cancel) : throw Unavailable();

    public Task<KvListing> ListAsync(StoreKey prefix, ReadLevel level, CancellationToken cancel) =>
        level == ReadLevel.Stale ? inner.ListAsync(prefix, level, cancel) : throw Unavailable();

    public Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel) => throw Unavailable();

    public Task<LockAttempt> TryAcquireAsync(StoreKey name, LockOptions options, CancellationToken cancel) => throw Unavailable();

    public Task<LockView> InspectAsync(StoreKey name, CancellationToken cancel) => throw Unavailable();

    public IAsyncEnumerable<WatchItem> WatchAsync(StoreKey prefix, WatchOptions options, CancellationToken cancel) => inner.WatchAsync(prefix, options, cancel);

    public Task<IPresence> AnnounceAsync(StoreKey key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancel) => throw Unavailable();

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private static StoreException Unavailable() => new(StoreError.Unavailable, Applied.No, "no quorum");
}
