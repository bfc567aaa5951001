using Ha.Backends.Embedded;
using Ha.Core.Stores;
using Ha.Linearizability.Faults;
using Ha.Linearizability.Workload;
using Ha.Testing;

namespace Ha.Linearizability.Tests.Workload;

/// <summary>The workload on one SQLite file, as several processes of one machine use it.</summary>
public sealed class SqliteWorkloadTests(ITestOutputHelper output)
{
    // In real time: the file's own locks and polls have no clock of ours.
    [Fact]
    public async Task The_lease_over_one_file_is_sound()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("HA_SEED"), out var given) ? given : 4711;
        var time = TimeProvider.System;
        var folder = Directory.CreateTempSubdirectory("ha-workload-");
        var faults = new List<StoreFaults>();
        var clients = new List<WorkloadClient>();
        try
        {
            for (var number = 1; number <= 5; number++)
            {
                faults.Add(new StoreFaults());
                var file = await SqliteStore.OpenAsync(new SqliteOptions(Path.Combine(folder.FullName, "store.db"), TimeSpan.FromSeconds(5)), time, CancellationToken.None);
                var context = new StoreContext(new RatedClock(time), time, new Guid(number, 0, 0, new byte[8]));
                clients.Add(new WorkloadClient(number, new LeaseLockingStore(new FaultyStore(file, faults[^1], time), context)));
            }

            var options = new WorkloadOptions
            {
                Seed = seed,
                Length = TimeSpan.FromSeconds(8),
                Ttl = TimeSpan.FromSeconds(1),
                CallsPerSecond = 100,
                Settling = TimeSpan.FromSeconds(1),
            };
            var schedule = new FaultsInTurn(
                [.. clients.Select((c, i) => (IFault)new ClientCutOff(c, faults[i])), new WatchesCut(faults)], seed, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(2));
            var report = await new StoreWorkload(clients, options, time).RunAsync(schedule, TestContext.Current.CancellationToken);
            output.WriteLine($"{report}");
            Assert.Empty(report.Violations);
            Assert.Empty(report.Undecided);
            Assert.True(report is { Tenures: > 3, Faults.Count: > 2 }, $"{report}");
        }
        finally
        {
            foreach (var client in clients)
                await client.Store.DisposeAsync();
            folder.Delete(recursive: true);
        }
    }
}
