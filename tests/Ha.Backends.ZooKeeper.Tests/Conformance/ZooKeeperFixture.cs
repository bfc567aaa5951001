using Ha.Conformance;
using Ha.Core.Stores;
using Ha.StoreServers;
using Ha.Testing;

namespace Ha.Backends.ZooKeeper.Tests.Conformance;

/// <summary>A ZooKeeper server with the portable lease: each client has connections of its own. Watches and sessions run in real time; leases expire
/// by the test's clocks.</summary>
public sealed class ZooKeeperFixture : IStoreFixture
{
    public string Name => "zookeeper";

    // Each question is a transaction of a real server; the lease's own rules are proven by 1,000 rounds in memory.
    public int Rounds => 50;

    public async Task<StoreCluster> StartAsync() => new Cluster(await SharedServer.StartedAsync(), SharedServer.NewSpace());

    private sealed class Cluster(IStoreServers servers, string space) : RealTimeCluster
    {
        private bool _hasAnnounced;

        public override async Task AdvanceAsync(TimeSpan span)
        {
            await base.AdvanceAsync(span);
            // A session ends by the server's clock, which is real.
            if (_hasAnnounced)
                await Task.Delay(span);
        }

        protected override async Task<ILockingKvStore> OpenAsync(ClientSetup setup)
        {
            Assert.True(StoreConnection.TryParse(servers.ConnectionString($"{space}/{setup.Space}"), out var connection));
            var context = new StoreContext(setup.Clock, Time, setup.Incarnation);
            var store = await ZooKeeperStore.OpenAsync(ZooKeeperOptions.Parse(connection), context, CancellationToken.None);
            return new LeaseLockingStore(new FaultyStore(new Telling(store, () => _hasAnnounced = true), setup.Faults, Time), context);
        }
    }

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
