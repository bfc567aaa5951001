using Ha.Core.Stores;
using Ha.Linearizability.Faults;
using Ha.Linearizability.Workload;

namespace Sample.FolderStore.Tests;

public sealed class FolderWorkloadTests(ITestOutputHelper output)
{
    // In real time: the file system has no clock of ours.
    [Fact]
    public async Task What_five_clients_see_at_once_can_be_put_in_order()
    {
        var (time, folder) = (TimeProvider.System, Directory.CreateTempSubdirectory("ha-folder-"));
        var clients = new List<WorkloadClient>();
        try
        {
            for (var number = 1; number <= 5; number++)
            {
                var context = new StoreContext(new RatedClock(time), time, Guid.NewGuid());
                clients.Add(new WorkloadClient(number, await new StoreRegistry([new FolderStoreFactory()]).OpenAsync($"folder://{folder.FullName}", context, default)));
            }

            var options = new WorkloadOptions { Seed = 1, Length = TimeSpan.FromSeconds(5), Ttl = TimeSpan.FromSeconds(1), Settling = TimeSpan.FromSeconds(1) };
            var report = await new StoreWorkload(clients, options, time).RunAsync(
                new FaultsInTurn([new ClientFrozen(clients[0]), new ClientFrozen(clients[1])], 1, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1.3), TimeSpan.FromSeconds(2)),
                TestContext.Current.CancellationToken);
            output.WriteLine($"{report}");
            Assert.Empty(report.Violations);
            Assert.Empty(report.Undecided);
        }
        finally
        {
            foreach (var client in clients)
                await client.Store.DisposeAsync();
            folder.Delete(recursive: true);
        }
    }
}
