using Ha.Conformance;
using Ha.Core.Stores;
using Ha.Testing;

namespace Sample.FolderStore.Tests;

/// <summary>A fresh folder for each test; each client opens it as another process would.</summary>
public sealed class FolderFixture : IStoreFixture
{
    public string Name => "folder";

    // Each commit replaces a file; the lease's own rules are proven by 1,000 rounds in memory.
    public int Rounds => 50;

    public Task<StoreCluster> StartAsync() => Task.FromResult<StoreCluster>(new Cluster());

    private sealed class Cluster : RealTimeCluster
    {
        private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("ha-folder-");

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            _root.Delete(recursive: true);
        }

        protected override Task<ILockingKvStore> OpenAsync(ClientSetup setup)
        {
            var folder = _root.CreateSubdirectory(setup.Space).FullName;
            var store = new FaultyStore(new FolderStore(folder, Time), setup.Faults, Time);
            return Task.FromResult<ILockingKvStore>(new LeaseLockingStore(store, new StoreContext(setup.Clock, Time, setup.Incarnation)));
        }
    }
}
