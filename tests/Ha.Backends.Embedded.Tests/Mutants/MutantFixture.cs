using Ha.Conformance;
using Ha.Core.Stores;
using Ha.Testing;

namespace Ha.Backends.Embedded.Tests.Mutants;

/// <summary>What is broken on purpose: the store under the lease, or one rule of the lease.</summary>
internal interface IMutant
{
    /// <summary>The store below, broken.</summary>
    IKeyValueStore Break(IKeyValueStore store) => store;

    /// <summary>The lease, broken.</summary>
    LeaseModel Lease(IKeyValueStore store, ClientSetup setup) => new(store, setup.Clock, setup.Incarnation);
}

/// <summary>Nothing is broken: the suite must pass.</summary>
internal sealed class Sound : IMutant;

/// <summary>A mutant as a store that the suite can be run against, in virtual time.</summary>
internal sealed class MutantFixture<TMutant> : IStoreFixture
    where TMutant : IMutant, new()
{
    public string Name => typeof(TMutant).Name;

    // A mutant that hangs is caught as well; it need not take long.
    public TimeSpan Patience => typeof(TMutant) == typeof(Sound) ? TimeSpan.FromSeconds(30) : TimeSpan.FromSeconds(2);

    public int Rounds => 100;

    public Task<StoreCluster> StartAsync() => Task.FromResult<StoreCluster>(new Cluster());

    private sealed class Cluster : VirtualCluster
    {
        private readonly Dictionary<string, InMemoryCluster> _spaces = [];

        protected override Task<ILockingKvStore> OpenAsync(ClientSetup setup)
        {
            if (!_spaces.TryGetValue(setup.Space, out var space))
                _spaces[setup.Space] = space = new InMemoryCluster();
            var mutant = new TMutant();
            var store = new FaultyStore(space.Connect(new SharedTime(Time), setup.Incarnation, Time), setup.Faults, Time);
            return Task.FromResult<ILockingKvStore>(mutant.Lease(mutant.Break(store), setup));
        }
    }
}
