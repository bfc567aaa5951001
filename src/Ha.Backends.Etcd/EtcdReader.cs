using Ha.Backends.Etcd.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.Etcd;

/// <summary>Reads keys and listings.</summary>
internal sealed class EtcdReader(EtcdCluster cluster, EtcdKeys keys)
{
    public async Task<KvEntry?> GetAsync(StoreKey key, ReadLevel level, CancellationToken cancel)
    {
        BatchRules.CheckKey(key);
        var request = new RangeRequest { Key = keys.Of(key), Serializable = level == ReadLevel.Stale };
        var reply = await cluster.CallAsync(EtcdMethods.Range, request, CallOf(level), cancel);
        return reply.Kvs is [var pair, ..] ? EtcdKeys.Entry(key, pair) : null;
    }

    public async Task<KvListing> ListAsync(StoreKey prefix, ReadLevel level, CancellationToken cancel) => Listing(prefix, await RangeAsync(prefix, level, cancel));

    /// <summary>Everything in the range of a prefix, namesakes and keys of others included.</summary>
    public Task<RangeResponse> RangeAsync(StoreKey prefix, ReadLevel level, CancellationToken cancel)
    {
        var (key, end) = keys.RangeOf(prefix);
        return cluster.CallAsync(EtcdMethods.Range, new RangeRequest { Key = key, RangeEnd = end, Serializable = level == ReadLevel.Stale }, CallOf(level), cancel);
    }

    /// <summary>Our entries under a prefix; etcd sorts by key.</summary>
    public KvListing Listing(StoreKey prefix, RangeResponse reply)
    {
        var entries = new List<KvEntry>(reply.Kvs.Count);
        foreach (var pair in reply.Kvs)
        {
            if (keys.Entry(pair) is { } entry && entry.Key.IsUnder(prefix))
                entries.Add(entry);
        }

        return new KvListing(entries, (ulong)reply.Header.Revision, Atomic: true);
    }

    private static EtcdCall CallOf(ReadLevel level) => level == ReadLevel.Stale ? EtcdCall.StaleRead : EtcdCall.Read;
}
