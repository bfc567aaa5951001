using Ha.Conformance;
using Ha.Core.Stores;
using Ha.Testing;

namespace Ha.Backends.Consul.Tests.Real;

/// <summary>A real Consul server with the portable lease: each client has connections of its own. Watches run in real time; leases expire by the test's clocks.</summary>
public sealed class ConsulFixture : IStoreFixture
{
    public string Name => "consul";

    // Each question goes to a server; the lease's own rules are proven by 1,000 rounds in memory.
    public int Rounds => 200;

    public async Task<StoreCluster> StartAsync() => new Cluster(await ConsulServer.ConnectionStringAsync(ConsulServer.NewSpace()));

    private sealed class Cluster(string connection) : RealTimeCluster
    {
        private volatile bool _hasPresence;

        // Sessions run out by the server's clock, which nobody can set: where there is one, its time has to pass.
        public override async Task AdvanceAsync(TimeSpan span)
        {
            await base.AdvanceAsync(span);
            if (_hasPresence)
                await Task.Delay(span);
        }

        protected override async Task<ILockingKvStore> OpenAsync(ClientSetup setup)
        {
            var text = connection.Replace("?", $"/{setup.Space}?", StringComparison.Ordinal);
            var store = await ConsulStore.OpenAsync(Connections.Parse(text), Time, null, CancellationToken.None);
            return new LeaseLockingStore(new FaultyStore(new Announcing(store, this), setup.Faults, Time), new StoreContext(setup.Clock, Time, setup.Incarnation));
        }

        private sealed class Announcing(IKeyValueStore inner, Cluster cluster) : IKeyValueStore
        {
            public StoreDescriptor Descriptor => inner.Descriptor;

            public Task<KvEntry?> GetAsync(StoreKey key, ReadLevel level, CancellationToken cancel) => inner.GetAsync(key, level, cancel);

            public Task<KvListing> ListAsync(StoreKey prefix, ReadLevel level, CancellationToken cancel) => inner.ListAsync(prefix, level, cancel);

            public Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel) => inner.CommitAsync(batch, cancel);

            public IAsyncEnumerable<WatchItem> WatchAsync(StoreKey prefix, WatchOptions options, CancellationToken cancel) => inner.WatchAsync(prefix, options, cancel);

            public Task<IPresence> AnnounceAsync(StoreKey key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancel)
            {
                cluster._hasPresence = true;
                return inner.AnnounceAsync(key, value, ttl, cancel);
            }

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}
