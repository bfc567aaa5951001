using Google.Protobuf;
using Ha.Backends.Etcd.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.Etcd;

/// <summary>An announcement, known by its lease. Another that takes the key over binds it to a lease of its own.</summary>
internal sealed class EtcdPresence(EtcdCluster cluster, StoreKey key, ByteString name, long lease) : IPresence
{
    /// <inheritdoc/>
    public async Task RefreshAsync(CancellationToken cancel)
    {
        // The key is looked at as well: servers before 3.4.38 and 3.5.23 say that a lease lives which was revoked.
        var reply = await cluster.CallAsync(EtcdMethods.LeaseKeepAlive, new LeaseKeepAliveRequest { ID = lease }, EtcdCall.Refresh, cancel);
        if (reply.TTL <= 0 || (await cluster.CallAsync(EtcdMethods.Range, new RangeRequest { Key = name, KeysOnly = true }, EtcdCall.Read, cancel)).Kvs is not [{ Lease: var bound }, ..] || bound != lease)
            throw new StoreException(StoreError.PresenceLost, Applied.No, $"the announcement '{key}' has ended or was taken over: announce again");
    }

    /// <summary>Withdraws the announcement; if the store does not answer, it ends by itself.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await cluster.CallAsync(EtcdMethods.LeaseRevoke, new LeaseRevokeRequest { ID = lease }, EtcdCall.Withdraw, CancellationToken.None);
        }
        catch (StoreException)
        {
            // It is gone already, or ends after its TTL all the same.
        }
    }
}
