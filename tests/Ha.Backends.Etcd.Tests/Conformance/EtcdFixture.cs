using Ha.Conformance;
using Ha.Core.Stores;
using Ha.Testing;

namespace Ha.Backends.Etcd.Tests.Conformance;

/// <summary>One real server for all cases, each with a prefix of its own. Watches run in real time, leases expire by the test's clocks; announcements are timed
/// by the server, so time that passes after one has to pass really.</summary>
public sealed class EtcdFixture : IStoreFixture
{
    private static int _clusters;

    public string Name => "etcd";

    // Each question is a commit on a real server; the lease's own rules are proven by 1,000 rounds in memory.
    public int Rounds => 50;

    public async Task<StoreCluster> StartAsync() => new Cluster(await SharedEtcd.ConnectionStringAsync($"suite{Interlocked.Increment(ref _clusters)}"));

    private sealed class Cluster(string connection) : RealTimeCluster
    {
        private volatile bool _isAnnounced;

        public override async Task AdvanceAsync(TimeSpan span)
        {
            // The server counts the lease of an announcement by its own clock.
            if (_isAnnounced)
                await Task.Delay(span);
            await base.AdvanceAsync(span);
        }

        protected override async Task<ILockingKvStore> OpenAsync(ClientSetup setup)
        {
            Assert.True(StoreConnection.TryParse(connection, out var parts));
            var options = EtcdOptions.Parse(parts);
            var etcd = await EtcdStore.OpenAsync(options with { Prefix = $"{options.Prefix}/{setup.Space}" }, Time, 0, null, CancellationToken.None);
            var store = new Announcing(etcd, setup.Faults, Time, () => _isAnnounced = true);
            return new LeaseLockingStore(store, new StoreContext(setup.Clock, Time, setup.Incarnation));
        }
    }

    private sealed class Announcing(IKeyValueStore inner, StoreFaults faults, TimeProvider time, Action announced) : FaultyStore(inner, faults, time), IKeyValueStore
    {
        Task<IPresence> IKeyValueStore.AnnounceAsync(StoreKey key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancel)
        {
            announced();
            return AnnounceAsync(key, value, ttl, cancel);
        }
    }
}
