using Ha.Core.Stores;

namespace Ha.Backends.Embedded.Tests.Mutants;

/// <summary>Passes everything on; a mutant overrides what it breaks.</summary>
internal abstract class BrokenStore(IKeyValueStore inner) : IKeyValueStore
{
    public virtual StoreDescriptor Descriptor => inner.Descriptor;

    protected IKeyValueStore Inner => inner;

    public virtual Task<KvEntry?> GetAsync(StoreKey key, ReadLevel level, CancellationToken cancel) => inner.GetAsync(key, level, cancel);

    public virtual Task<KvListing> ListAsync(StoreKey prefix, ReadLevel level, CancellationToken cancel) => inner.ListAsync(prefix, level, cancel);

    public virtual Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel) => inner.CommitAsync(batch, cancel);

    public virtual IAsyncEnumerable<WatchItem> WatchAsync(StoreKey prefix, WatchOptions options, CancellationToken cancel) =>
        inner.WatchAsync(prefix, options, cancel);

    public Task<IPresence> AnnounceAsync(StoreKey key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancel) =>
        inner.AnnounceAsync(key, value, ttl, cancel);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
