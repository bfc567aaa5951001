using Ha.Conformance;
using Ha.Core.Stores;
using Ha.PmxcfsStandIn;
using Ha.Testing;

namespace Ha.Backends.Pmxcfs.Tests.Conformance;

/// <summary>The adapter on the stand-in's mounts, one for each client. The mounts are real; the clocks that locks expire by are the test's.</summary>
public sealed class PmxcfsFixture : IStoreFixture
{
    public string Name => "pmxcfs";

    // Each question is several calls on a real mount.
    public int Rounds => 100;

    public Task<StoreCluster> StartAsync()
    {
        Assert.SkipWhen(StandInCluster.MissingReason() is not null, StandInCluster.MissingReason() ?? "");
        return Task.FromResult<StoreCluster>(new Cluster());
    }

    private sealed class Cluster : RealTimeCluster
    {
        private static readonly string[] Nodes = ["a", "b", "others"];

        private readonly ManualStoreClock _clock = new();
        private readonly Dictionary<string, StandInCluster> _spaces = [];

        public override bool LocksAreServerTimed => true;

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            foreach (var space in _spaces.Values)
                space.Dispose();
        }

        protected override ManualStoreClock NewClock(int number) => _clock;

        protected override async Task<ILockingKvStore> OpenAsync(ClientSetup setup)
        {
            if (!_spaces.TryGetValue(setup.Space, out var space))
                _spaces[setup.Space] = space = new StandInCluster(new StandInOptions(Nodes) { Now = () => 1_700_000_000 + _clock.HolderNow.SinceOrigin.TotalSeconds });
            var options = new PmxcfsOptions(space[Nodes.Contains(setup.Holder) ? setup.Holder : "others"].MountPoint, TimeSpan.FromSeconds(10))
            {
                Poll = TimeSpan.FromMilliseconds(10),
                LockTime = () => TimeSpan.FromSeconds(space.LockTimeoutSeconds),
            };
            var store = await PmxcfsStore.OpenAsync(options, new StoreContext(setup.Clock, Time, setup.Incarnation), CancellationToken.None);
            return new FaultyLockingStore(new AnyTtl(store, space), setup.Faults, Time);
        }
    }

    /// <summary>The suite asks for locks of many lengths, where pmxcfs knows only one: here it follows what is asked for.</summary>
    private sealed class AnyTtl(PmxcfsStore inner, StandInCluster cluster) : ILockingKvStore
    {
        public StoreDescriptor Descriptor => inner.Descriptor;

        public IStoreClock Clock => inner.Clock;

        public Task<LockAttempt> TryAcquireAsync(StoreKey name, LockOptions options, CancellationToken cancel)
        {
            cluster.LockTimeoutSeconds = (int)Math.Ceiling(options.Ttl.TotalSeconds);
            return inner.TryAcquireAsync(name, options, cancel);
        }

        public Task<LockView> InspectAsync(StoreKey name, CancellationToken cancel) => inner.InspectAsync(name, cancel);

        public Task<KvEntry?> GetAsync(StoreKey key, ReadLevel level, CancellationToken cancel) => inner.GetAsync(key, level, cancel);

        public Task<KvListing> ListAsync(StoreKey prefix, ReadLevel level, CancellationToken cancel) => inner.ListAsync(prefix, level, cancel);

        public Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel) => inner.CommitAsync(batch, cancel);

        public IAsyncEnumerable<WatchItem> WatchAsync(StoreKey prefix, WatchOptions options, CancellationToken cancel) => inner.WatchAsync(prefix, options, cancel);

        public Task<IPresence> AnnounceAsync(StoreKey key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancel) =>
            inner.AnnounceAsync(key, value, ttl, cancel);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
