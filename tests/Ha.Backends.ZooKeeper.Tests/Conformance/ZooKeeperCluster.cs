using Ha.Conformance;
using Ha.Core.Stores;
using Ha.Testing;

namespace Ha.Backends.ZooKeeper.Tests.Conformance;

/// <summary>A part of a server. Each client has connections of its own. Watches and sessions run in real time; leases expire by the test's clocks.</summary>
/// <param name="connectionString">The connection string of a part.</param>
/// <param name="way">What is between; ended with the cluster.</param>
internal sealed class ZooKeeperCluster(Func<string, string> connectionString, IAsyncDisposable? way = null) : RealTimeCluster
{
    private readonly string _space = SharedServer.NewSpace();
    private bool _hasAnnounced;

    public override async Task AdvanceAsync(TimeSpan span)
    {
        await base.AdvanceAsync(span);
        // A session ends by the server's clock, which is real.
        if (_hasAnnounced)
            await Task.Delay(span);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (way is not null)
            await way.DisposeAsync();
    }

    protected override async Task<ILockingKvStore> OpenAsync(ClientSetup setup)
    {
        Assert.True(StoreConnection.TryParse(connectionString($"{_space}/{setup.Space}"), out var connection));
        var context = new StoreContext(setup.Clock, Time, setup.Incarnation);
        var store = await ZooKeeperStore.OpenAsync(ZooKeeperOptions.Parse(connection), context, CancellationToken.None);
        return new LeaseLockingStore(new FaultyStore(new Telling(store, () => _hasAnnounced = true), setup.Faults, Time), context);
    }

    /// <summary>Tells of announcements.</summary>
    private sealed class Telling(IKeyValueStore inner, Action announced) : IKeyValueStore
    {
        public StoreDescriptor Descriptor => inner.Descriptor;

        public Task<KvEntry?> GetAsync(StoreKey key, ReadLevel level, CancellationToken cancel) => inner.GetAsync(key, level, cancel);

        public Task<KvListing> ListAsync(StoreKey prefix, ReadLevel level, CancellationToken cancel) => inner.ListAsync(prefix, level, cancel);

        public Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel) => inner.CommitAsync(batch, cancel);

        public IAsyncEnumerable<WatchItem> WatchAsync(StoreKey prefix, WatchOptions options, CancellationToken cancel) => inner.WatchAsync(prefix, options, cancel);

        public Task<IPresence> AnnounceAsync(StoreKey key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancel)
        {
            announced();
            return inner.AnnounceAsync(key, value, ttl, cancel);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
