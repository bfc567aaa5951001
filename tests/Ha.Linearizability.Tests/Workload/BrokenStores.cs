using System.Runtime.CompilerServices;
using Ha.Core.Stores;

namespace Ha.Linearizability.Tests.Workload;

/// <summary>Passes everything on; what breaks overrides it.</summary>
internal abstract class Broken(IKeyValueStore inner) : IKeyValueStore
{
    public StoreDescriptor Descriptor => inner.Descriptor;

    protected IKeyValueStore Inner => inner;

    public virtual Task<KvEntry?> GetAsync(StoreKey key, ReadLevel level, CancellationToken cancel) => inner.GetAsync(key, level, cancel);

    public Task<KvListing> ListAsync(StoreKey prefix, ReadLevel level, CancellationToken cancel) => inner.ListAsync(prefix, level, cancel);

    public virtual Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel) => inner.CommitAsync(batch, cancel);

    public virtual IAsyncEnumerable<WatchItem> WatchAsync(StoreKey prefix, WatchOptions options, CancellationToken cancel) => inner.WatchAsync(prefix, options, cancel);

    public Task<IPresence> AnnounceAsync(StoreKey key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancel) => inner.AnnounceAsync(key, value, ttl, cancel);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}

/// <summary>One read in fifty is answered with what this client saw the time before.</summary>
internal sealed class SometimesStale(IKeyValueStore inner, Random random) : Broken(inner)
{
    private readonly Dictionary<StoreKey, KvEntry?> _seen = [];

    public override async Task<KvEntry?> GetAsync(StoreKey key, ReadLevel level, CancellationToken cancel)
    {
        var now = await Inner.GetAsync(key, level, cancel);
        var answer = random.Next(50) == 0 ? _seen.GetValueOrDefault(key, now) : now;
        _seen[key] = now;
        return answer;
    }
}

/// <summary>Conditions are checked on the client, just before writing.</summary>
internal sealed class ChecksOnClient(IKeyValueStore inner) : Broken(inner)
{
    public override async Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel)
    {
        foreach (var condition in batch.Conditions)
        {
            var current = await Inner.GetAsync(condition.Key, ReadLevel.Linearizable, cancel);
            if (current?.Revision != condition.Revision)
                return new KvOutcome.Conflict(condition.Key, current);
        }

        return await Inner.CommitAsync(batch with { Conditions = [] }, cancel);
    }
}

/// <summary>A write without an answer is sent once more.</summary>
internal sealed class RetriesBlindly(IKeyValueStore inner) : Broken(inner)
{
    public override async Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel)
    {
        try
        {
            return await Inner.CommitAsync(batch, cancel);
        }
        catch (StoreException e) when (e.Applied == Applied.Maybe)
        {
            return await Inner.CommitAsync(batch, cancel);
        }
    }
}

/// <summary>One change in fifty is not delivered to watches.</summary>
internal sealed class WatchDropsChanges(IKeyValueStore inner, Random random) : Broken(inner)
{
    public override async IAsyncEnumerable<WatchItem> WatchAsync(StoreKey prefix, WatchOptions options, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var item in Inner.WatchAsync(prefix, options, cancel))
        {
            if (item is not WatchItem.Changed || random.Next(50) > 0)
                yield return item;
        }
    }
}
