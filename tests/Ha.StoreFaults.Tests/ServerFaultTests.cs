using System.Globalization;
using Ha.Linearizability.Faults;
using Ha.Linearizability.Workload;
using Ha.StoreFaults.Tests.Faults;
using Ha.StoreServers;

namespace Ha.StoreFaults.Tests;

/// <summary>The workload on three real servers of each store while servers die, stop and lose each other, and clients are stopped past their TTL.</summary>
/// <remarks>In real time: servers have no clock of ours. One round of about half a minute a store; <c>./ha soak</c> sets HA_SOAK_MINUTES, and rounds with ever
/// new seeds follow each other that long. HA_SEED chooses the first seed.</remarks>
public sealed class ServerFaultTests(ITestOutputHelper output)
{
    private const int ClientCount = 5;

    [Theory]
    [InlineData(StoreKind.Etcd)]
    [InlineData(StoreKind.Consul)]
    [InlineData(StoreKind.ZooKeeper)]
    public async Task Keys_locks_and_watches_stay_sound_while_servers_fail(StoreKind kind)
    {
        var cancel = TestContext.Current.CancellationToken;
        var spec = new StoreServersSpec(kind) { Members = 3, Partitions = true };
        var missing = TestServers.UnavailableBecause(spec);
        Assert.SkipWhen(missing is not null, missing ?? "");
        await using var servers = await TestServers.StartAsync(spec, cancel);
        var soak = TimeSpan.FromMinutes(Number("HA_SOAK_MINUTES", 0));
        var start = TimeProvider.System.GetTimestamp();
        var seed = (int)Number("HA_SEED", 4711);
        do
        {
            var report = await RoundAsync(servers, seed++, soak > TimeSpan.Zero ? TimeSpan.FromSeconds(90) : TimeSpan.FromSeconds(36), cancel);
            Show($"{kind}: {report}");
            Assert.True(report.Violations.Count == 0, $"{kind}: {report}");
            Assert.Equal(TimeSpan.Zero, report.Overlap);
            Assert.True(report is { Tenures: > 3, Faults.Count: >= 6, Undecided.Count: 0 }, $"{kind}: {report}");
        }
        while (TimeProvider.System.GetElapsedTime(start) < soak);
    }

    private static async Task<WorkloadReport> RoundAsync(IStoreServers servers, int seed, TimeSpan length, CancellationToken cancel)
    {
        var clients = new List<WorkloadClient>();
        try
        {
            for (var number = 1; number <= ClientCount; number++)
                clients.Add(new WorkloadClient(number, await Clients.OpenAsync(servers.ConnectionString($"round-{seed}", "timeout=2"), cancel)));
            var options = new WorkloadOptions { Seed = seed, Length = length, CallsPerSecond = 120, Settling = TimeSpan.FromSeconds(3) };

            // What recovers soonest comes first: a Consul server that was cut off takes half a minute to be a member again.
            var ofServers = new FaultsInTurn(
                [new LeaderKilled(servers), new LeaderPaused(servers), new ClusterKilled(servers), new FollowerPartitioned(servers), new LeaderPartitioned(servers)],
                seed,
                quiet: TimeSpan.FromSeconds(1),
                shortest: TimeSpan.FromSeconds(2),
                longest: TimeSpan.FromSeconds(4));
            var ofClients = new FaultsInTurn(
                [.. clients.Select(c => new ClientFrozen(c))], seed, quiet: TimeSpan.FromSeconds(2), shortest: options.Ttl * 1.2, longest: options.Ttl * 2);
            return await new StoreWorkload(clients, options, TimeProvider.System).RunAsync(new FaultsTogether(ofServers, ofClients), cancel);
        }
        finally
        {
            foreach (var client in clients)
                await client.Store.DisposeAsync();
        }
    }

    // A soak shows each round as it ends.
    private void Show(string report)
    {
        output.WriteLine(report);
        if (Number("HA_SOAK_MINUTES", 0) > 0)
            Console.WriteLine(report);
    }

    private static double Number(string variable, double otherwise) =>
        double.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
