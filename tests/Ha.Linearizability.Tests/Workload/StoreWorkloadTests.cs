using Ha.Backends.Embedded;
using Ha.Core.Stores;
using Ha.Linearizability.Faults;
using Ha.Linearizability.Workload;
using Ha.Testing;

namespace Ha.Linearizability.Tests.Workload;

/// <summary>The whole workload, in virtual time: sound stores pass, and each broken one is found.</summary>
public sealed class StoreWorkloadTests(ITestOutputHelper output)
{
    private static readonly WorkloadOptions Minute = new() { Seed = 0, Length = TimeSpan.FromSeconds(60) };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_lease_over_a_slow_and_lossy_network_is_sound(int seed)
    {
        var report = Run(seed, (store, _) => store, rates: [1, 1.02, 0.98, 1.04, 0.96], loss: 6);
        Assert.Empty(report.Violations);
        Assert.Empty(report.Undecided);
        Assert.Equal(TimeSpan.Zero, report.Overlap);

        // Else it would have proven little.
        Assert.True(report is { Answered: > 3000, Unanswered: > 20, Tenures: > 15, Fenced: > 10, WatchItems: > 1000, Faults.Count: >= 5 }, $"{report}");
    }

    [Fact]
    public void The_server_timed_locks_of_the_memory_store_are_sound()
    {
        var report = Show(VirtualRun.Run(async time =>
        {
            var cluster = new InMemoryCluster();
            var clock = new RatedClock(time);
            var faults = Enumerable.Range(0, 5).Select(_ => new StoreFaults()).ToList();
            var clients = faults.Select((f, i) => new WorkloadClient(i + 1, new FaultyLockingStore(cluster.Connect(clock, new Guid(i + 1, 0, 0, new byte[8]), time), f, time))).ToList();
            return await new StoreWorkload(clients, Minute with { Seed = 1 }, time).RunAsync(Schedule(clients, faults, 1), CancellationToken.None);
        }));
        Assert.Empty(report.Violations);
        Assert.True(report is { Answered: > 3000, Tenures: > 15, Fenced: > 10 }, $"{report}");
    }

    [Fact]
    public void A_stale_read_now_and_then_is_found() => Found("no order explains", (store, random) => new SometimesStale(store, random));

    [Fact]
    public void Conditions_checked_on_the_client_are_found() => Found("no order explains", (store, _) => new ChecksOnClient(store));

    [Fact]
    public void A_blind_retry_is_found() => Found("no order explains", (store, _) => new RetriesBlindly(store), loss: 15);

    [Fact]
    public void A_watch_that_drops_changes_is_found() => Found("said to be current", (store, random) => new WatchDropsChanges(store, random));

    [Fact]
    public void A_clock_beyond_the_margin_makes_two_holders()
    {
        var report = Found("both held it for", (store, _) => store, rates: [1, 3, 1, 3, 1]);
        Assert.True(report.Overlap > TimeSpan.Zero);
    }

    [Fact]
    public void A_run_in_which_hardly_anything_is_answered_proves_nothing() => Assert.Contains(
        Run(1, (store, _) => store, options: Minute with { LeastAnswersPerSecond = 1000 }).Violations, v => v.Contains("at least 1000 a second", StringComparison.Ordinal));

    [Fact]
    public void A_fault_without_effect_proves_nothing()
    {
        var schedule = new FaultsInTurn([new Nothing()], 1, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        Assert.Contains(Run(1, (store, _) => store, schedule: schedule).Violations, v => v.StartsWith("the fault 'nothing'", StringComparison.Ordinal));
    }

    private WorkloadReport Found(string what, Func<IKeyValueStore, Random, IKeyValueStore> broken, double[]? rates = null, int loss = 6)
    {
        var report = Run(1, broken, rates, loss);
        Assert.Contains(report.Violations, v => v.Contains(what, StringComparison.Ordinal));
        return report;
    }

    private WorkloadReport Run(
        int seed, Func<IKeyValueStore, Random, IKeyValueStore> layer, double[]? rates = null, int loss = 6, WorkloadOptions? options = null, IFaultSchedule? schedule = null) =>
        Show(VirtualRun.Run(async time =>
        {
            var cluster = new InMemoryCluster();
            var server = new RatedClock(time);
            var random = new Random(seed);
            var faults = new List<StoreFaults>();
            var clients = new List<WorkloadClient>();
            for (var number = 1; number <= 5; number++)
            {
                faults.Add(new StoreFaults());
                var rate = rates?[number - 1] ?? 1;
                var incarnation = new Guid(number, 0, 0, new byte[8]);
                var memory = cluster.Connect(server, incarnation, time);
                var store = layer(new FaultyStore(new SlowNetwork(memory, time, random, loss), faults[^1], time), random);
                clients.Add(new WorkloadClient(number, new LeaseLockingStore(store, new StoreContext(new RatedClock(time, rate), time, incarnation)), rate));
            }

            var report = await new StoreWorkload(clients, (options ?? Minute) with { Seed = seed }, time).RunAsync(schedule ?? Schedule(clients, faults, seed), CancellationToken.None);
            foreach (var client in clients)
                await client.Store.DisposeAsync();
            return report;
        }));

    private static FaultsInTurn Schedule(List<WorkloadClient> clients, List<StoreFaults> faults, int seed) => new(
        [.. clients.Select((c, i) => (IFault)new ClientCutOff(c, faults[i])), new WatchesCut(faults)], seed, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(6));

    private WorkloadReport Show(WorkloadReport report)
    {
        output.WriteLine($"{report}");
        return report;
    }
}
