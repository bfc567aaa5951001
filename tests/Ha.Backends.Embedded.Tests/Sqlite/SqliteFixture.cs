using Ha.Conformance;
using Ha.Core.Stores;
using Ha.Testing;

namespace Ha.Backends.Embedded.Tests.Sqlite;

/// <summary>The SQLite store with the portable lease: each client opens the file as another process would. Its watches poll in real time; leases and
/// announcements expire by the test's clocks.</summary>
public sealed class SqliteFixture : IStoreFixture
{
    public string Name => "sqlite";

    // Each question is a transaction on a real file; the lease's own rules are proven by 1,000 rounds in memory.
    public int Rounds => 100;

    public Task<StoreCluster> StartAsync() => Task.FromResult<StoreCluster>(new Cluster());

    private sealed class Cluster : RealTimeCluster
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ha-sqlite-");
        private long _sinceBoot = 1_000_000;

        public override async Task AdvanceAsync(TimeSpan span)
        {
            Interlocked.Add(ref _sinceBoot, (long)span.TotalMilliseconds);
            await base.AdvanceAsync(span);
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            _folder.Delete(recursive: true);
        }

        protected override async Task<ILockingKvStore> OpenAsync(ClientSetup setup)
        {
            var options = new SqliteOptions(Path.Combine(_folder.FullName, $"{setup.Space}.db"), TimeSpan.FromSeconds(5));
            var clock = new BootClock(() => Interlocked.Read(ref _sinceBoot), "a boot");
            var store = new FaultyStore(await SqliteStore.OpenAsync(options, Time, clock, CancellationToken.None), setup.Faults, Time);
            return new LeaseLockingStore(store, new StoreContext(setup.Clock, Time, setup.Incarnation));
        }
    }
}
