using Google.Protobuf;
using Ha.Backends.Etcd.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.Etcd;

/// <summary>Announces presence: a key bound to a lease.</summary>
internal sealed class EtcdAnnouncer(EtcdCluster cluster, EtcdKeys keys)
{
    /// <summary>A server grants no less than one and a half of its election time-out, which is 1 s unless changed.</summary>
    public static readonly TimeSpan ShortestTtl = TimeSpan.FromSeconds(2);

    public static readonly TimeSpan LongestTtl = TimeSpan.FromHours(1);

    public async Task<IPresence> AnnounceAsync(StoreKey key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancel)
    {
        if (ttl < ShortestTtl || ttl > LongestTtl)
            throw new StoreException(StoreError.Unsupported, Applied.No, $"a presence of {ttl.TotalSeconds:0.###} s: this store carries {ShortestTtl.TotalSeconds:0} s to {LongestTtl.TotalHours:0} h");
        var lease = await cluster.CallAsync(EtcdMethods.LeaseGrant, new LeaseGrantRequest { TTL = (long)Math.Ceiling(ttl.TotalSeconds) }, EtcdCall.Grant, cancel);
        if (lease.Error.Length > 0 || lease.ID == 0)
            throw new StoreException(StoreError.Unavailable, Applied.No, $"etcd granted no lease for the announcement '{key}': {lease.Error}");
        var name = keys.Of(key);
        var put = new TxnRequest { Success = { new RequestOp { RequestPut = new PutRequest { Key = name, Value = UnsafeByteOperations.UnsafeWrap(value), Lease = lease.ID } } } };
        try
        {
            await cluster.CallAsync(EtcdMethods.Txn, put, EtcdCall.Announce, cancel);
        }
        catch
        {
            // If it was written after all, it ends with its lease.
            await new EtcdPresence(cluster, key, name, lease.ID).DisposeAsync();
            throw;
        }

        return new EtcdPresence(cluster, key, name, lease.ID);
    }
}
