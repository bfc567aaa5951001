using Ha.Conformance;
using Ha.Core.Stores;
using Ha.Testing;

namespace Ha.Backends.Embedded.Tests.Lease;

/// <summary>The portable lease over the in-memory store's documents, in virtual time; observing only when asked.</summary>
public class LeaseFixture : IStoreFixture
{
    public virtual string Name => "lease over memory";

    public virtual int Rounds => 1000;

    protected virtual bool Observes => false;

    public Task<StoreCluster> StartAsync() => Task.FromResult<StoreCluster>(new Cluster(Observes));

    private sealed class Cluster(bool observes) : VirtualCluster
    {
        private readonly Dictionary<string, InMemoryCluster> _spaces = [];

        protected override Task<ILockingKvStore> OpenAsync(ClientSetup setup)
        {
            if (!_spaces.TryGetValue(setup.Space, out var space))
                _spaces[setup.Space] = space = new InMemoryCluster();
            var store = new FaultyStore(space.Connect(new SharedTime(Time), setup.Incarnation, Time), setup.Faults, Time);
            var context = new StoreContext(setup.Clock, Time, setup.Incarnation);
            return Task.FromResult<ILockingKvStore>(new LeaseLockingStore(store, context, observes));
        }
    }
}

/// <summary>The same, watching all lock records all the time as the daemons do.</summary>
public sealed class ObservingLeaseFixture : LeaseFixture
{
    public override string Name => "observing lease over memory";

    // Its watches prove their currency four times a virtual second, which makes a round much longer.
    public override int Rounds => 250;

    protected override bool Observes => true;
}
