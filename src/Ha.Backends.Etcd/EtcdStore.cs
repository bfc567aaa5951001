using System.Runtime.CompilerServices;
using Ha.Backends.Etcd.Wire;
using Ha.Core.Stores;
using Microsoft.Extensions.Logging;

namespace Ha.Backends.Etcd;

/// <summary>An etcd cluster as a store. Locks come from <see cref="LeaseLockingStore"/>, which wraps it.</summary>
internal sealed class EtcdStore : IKeyValueStore
{
    // Below the 1.5 MiB of a request by what 128 conditions, their reads and all prefixes can take.
    private const int MaxBatchBytes = (1536 - 160) * 1024;
    private const int MaxOperations = 128;

    private readonly EtcdCluster _cluster;
    private readonly EtcdKeys _keys;
    private readonly EtcdReader _reader;
    private readonly EtcdWatcher _watcher;
    private readonly EtcdAnnouncer _announcer;

    private EtcdStore(EtcdOptions options, EtcdCluster cluster, TimeProvider time)
    {
        _cluster = cluster;
        _keys = new EtcdKeys(options.Prefix);
        _reader = new EtcdReader(cluster, _keys);
        _watcher = new EtcdWatcher(cluster, _reader, _keys, options, time);
        _announcer = new EtcdAnnouncer(cluster, _keys);
        Descriptor = new StoreDescriptor(
            "etcd",
            $"{string.Join(',', options.Servers)}/{options.Prefix}",
            cluster.Versions,
            StoreCapabilities.EnforcedGuard | StoreCapabilities.MultiKeyBatch | StoreCapabilities.AtomicListing | StoreCapabilities.LinearizableRead
                | StoreCapabilities.PushWatch | StoreCapabilities.Presence | StoreCapabilities.RevisionSurvivesRecreate,
            new StoreLimits(1 << 20, MaxBatchBytes, MaxOperations, EtcdAnnouncer.ShortestTtl, EtcdAnnouncer.LongestTtl),
            EtcdWatcher.WatchLatency)
        {
            Failover = options.Failover,
        };
    }

    /// <inheritdoc/>
    public StoreDescriptor Descriptor { get; }

    /// <summary>Opens a store.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="time">Counts deadlines.</param>
    /// <param name="seed">Which server is asked first.</param>
    /// <param name="log">Is told about servers.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="StoreException">No server can be used, or one is not of the cluster: nothing was changed.</exception>
    public static async Task<EtcdStore> OpenAsync(EtcdOptions options, TimeProvider time, int seed, ILogger? log, CancellationToken cancel)
    {
        var cluster = new EtcdCluster(options, time, seed, log);
        try
        {
            await cluster.MeetAsync(cancel);
            return new EtcdStore(options, cluster, time);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<KvEntry?> GetAsync(StoreKey key, ReadLevel level, CancellationToken cancel) => _reader.GetAsync(key, level, cancel);

    /// <inheritdoc/>
    public Task<KvListing> ListAsync(StoreKey prefix, ReadLevel level, CancellationToken cancel) => _reader.ListAsync(prefix, level, cancel);

    /// <inheritdoc/>
    public async Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel)
    {
        BatchRules.Check(batch, Descriptor);
        BatchRules.RefuseGuard(batch);
        var reply = await _cluster.CallAsync(EtcdMethods.Txn, EtcdBatch.Request(batch, _keys), batch.Writes.IsEmpty ? EtcdCall.Check : EtcdCall.Commit, cancel);
        return EtcdBatch.Outcome(batch, reply);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<WatchItem> WatchAsync(StoreKey prefix, WatchOptions options, [EnumeratorCancellation] CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        cancel.ThrowIfCancellationRequested();
        await using var subscription = _watcher.Subscribe(prefix, options);
        await foreach (var item in subscription.Items.ReadAsync(cancel))
            yield return item;
    }

    /// <inheritdoc/>
    public Task<IPresence> AnnounceAsync(StoreKey key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancel)
    {
        BatchRules.CheckKey(key);
        BatchRules.CheckValue(key, value, Descriptor);
        return _announcer.AnnounceAsync(key, value, ttl, cancel);
    }

    /// <summary>Ends open watches, which fail, and closes all connections; announcements end by themselves.</summary>
    public async ValueTask DisposeAsync()
    {
        await _watcher.DisposeAsync();
        await _cluster.DisposeAsync();
    }
}
