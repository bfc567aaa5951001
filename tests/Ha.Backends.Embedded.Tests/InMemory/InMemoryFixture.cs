using Ha.Conformance;
using Ha.Core.Stores;
using Ha.Testing;

namespace Ha.Backends.Embedded.Tests.InMemory;

/// <summary>The in-memory store with its own, server-timed locks: one clock for everybody.</summary>
public sealed class InMemoryFixture : IStoreFixture
{
    public string Name => "memory";

    public Task<StoreCluster> StartAsync() => Task.FromResult<StoreCluster>(new Cluster());

    private sealed class Cluster : VirtualCluster
    {
        private readonly ManualStoreClock _clock = new();
        private readonly Dictionary<string, InMemoryCluster> _spaces = [];

        public override bool LocksAreServerTimed => true;

        protected override ManualStoreClock NewClock(int number) => _clock;

        protected override Task<ILockingKvStore> OpenAsync(ClientSetup setup)
        {
            if (!_spaces.TryGetValue(setup.Space, out var space))
                _spaces[setup.Space] = space = new InMemoryCluster();
            var store = space.Connect(setup.Clock, setup.Incarnation, Time);
            setup.Faults.StoreFeelsOutages = true;
            store.DocumentsReachable = store.LocksReachable = () => !setup.Faults.Unreachable;
            return Task.FromResult<ILockingKvStore>(new FaultyLockingStore(store, setup.Faults, Time));
        }
    }
}
