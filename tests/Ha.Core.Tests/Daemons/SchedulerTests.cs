using Ha.Core.Crm;
using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;
using static Ha.Core.Tests.Daemons.World;

namespace Ha.Core.Tests.Daemons;

/// <summary>What a master makes of the scheduler's settings, and when it balances.</summary>
public sealed class SchedulerTests
{
    private static readonly ResourceId Second = ResourceId.Parse("vm:102");
    private readonly World _world = new();
    private readonly FakeStatistics _statistics = new();

    [Theory]
    [InlineData("basic", "")]
    [InlineData("static", "using scheduler mode 'static'")]
    [InlineData("foo", "using scheduler mode 'foo'|got unknown scheduler mode 'foo', using 'basic'")]
    public async Task A_new_master_announces_any_mode_but_basic(string mode, string lines)
    {
        _world.Statistics = _statistics;
        _world.Settings = new DatacenterSettings(SchedulerMode: mode);
        _world.Configure(Vm, WantedState.Started, A);
        await _world.Crm().RunRoundAsync(default);
        Assert.Equal(lines, string.Join('|', _world.Texts.Where(t => t.Contains("scheduler", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task A_running_master_says_when_the_mode_changes_and_complains_of_an_unknown_one_in_each_round()
    {
        _world.Configure(Vm, WantedState.Started, A);
        var crm = _world.Crm();
        await RoundAsync(crm);
        _world.Settings = new DatacenterSettings(SchedulerMode: "foo");
        await RoundAsync(crm);
        await RoundAsync(crm);
        Assert.Single(_world.Texts, "switching scheduler mode from 'basic' to 'foo'");
        Assert.Equal(2, _world.Texts.Count(t => t == "got unknown scheduler mode 'foo', using 'basic'"));
    }

    [Theory]
    [InlineData("static", null, null, "static scheduling not available")]
    [InlineData("dynamic", "no samples", null, "no samples")]
    [InlineData("static", null, "no nodes", "did not get static node usage information - no nodes")]
    [InlineData("dynamic", null, "", "dynamic node usage information for 'b' missing cpu count")]
    public async Task Without_statistics_a_line_says_so_and_services_are_counted(string mode, string? services, string? nodes, string error)
    {
        if (services is not null || nodes is not null)
            _world.Statistics = _statistics;
        _statistics.ServicesRefusal = services;
        _statistics.NodesRefusal = nodes is "" ? null : nodes;
        _statistics.Nodes[B] = new NodeStatistics { MaxMemoryBytes = 100 };
        _world.Settings = Balancing(mode);
        _world.Configure(Vm, WantedState.Started, A);
        var crm = _world.Crm();
        await RoundAsync(crm);
        Assert.Single(_world.Texts, $"fallback to 'basic' scheduler mode, init for '{mode}' failed - {error}");
        Assert.Equal(ServiceState.Started, (await _world.StoredStatusAsync()).Services[Vm].State);
    }

    [Fact]
    public async Task A_guest_nobody_looks_after_weighs_on_its_node()
    {
        _world.Statistics = _statistics;
        _world.Settings = new DatacenterSettings(RebalanceOnStart: true);
        _statistics.Services[ResourceId.Parse("vm:1")] = new ServiceStatistics { Node = A, IsStarted = true, Running = true };
        _statistics.Services[ResourceId.Parse("vm:2")] = new ServiceStatistics { Node = B, IsStarted = false };
        _world.Configure(Vm, WantedState.Started, A);
        await RoundAsync(_world.Crm());
        Assert.Contains("service vm:101: re-balance selected new node b for startup", _world.Texts);
    }

    [Fact]
    public async Task The_third_round_out_of_balance_moves_a_service_as_if_it_had_been_asked_for()
    {
        var crm = await TwoOnOneNodeAsync();
        await RoundAsync(crm);
        await RoundAsync(crm);
        Assert.DoesNotContain(_world.Texts, t => t.StartsWith("auto rebalance", StringComparison.Ordinal));
        await RoundAsync(crm);
        Assert.Equal(
            [
                "auto rebalance - migrate vm:101 to b (expected change for imbalance from 1.41 to 0.71)",
                "got crm command: migrate vm:101 b",
                "migrate service 'vm:101' to node 'b'",
                "service 'vm:101': state changed from 'started' to 'migrate'  (node = a, target = b)",
            ],
            _world.Texts.SkipWhile(t => !t.StartsWith("auto", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Rounds_that_were_woken_early_do_not_count()
    {
        var crm = await TwoOnOneNodeAsync();
        await RoundAsync(crm);
        for (var i = 0; i < 10; i++)
            await crm.RunRoundAsync(default);
        Assert.DoesNotContain(_world.Texts, t => t.StartsWith("auto rebalance", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rounds_with_a_move_neither_count_nor_reset()
    {
        var crm = await TwoOnOneNodeAsync();
        await RoundAsync(crm);
        await RoundAsync(crm);
        await new CommandQueue(_world.Store).AppendAsync("relocate vm:102 c", default);
        await RoundAsync(crm);
        await RoundAsync(crm);
        Assert.DoesNotContain(_world.Texts, t => t.StartsWith("auto rebalance", StringComparison.Ordinal));
        await ReportAsync(new JobResult(Second, "relocate", 1));
        await RoundAsync(crm); // The failed move ends in this round, after the balancing.
        Assert.DoesNotContain(_world.Texts, t => t.StartsWith("auto rebalance", StringComparison.Ordinal));
        await RoundAsync(crm);
        Assert.Contains(_world.Texts, t => t.StartsWith("auto rebalance", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_balanced_while_the_stack_is_disarmed()
    {
        var crm = await TwoOnOneNodeAsync();
        await new CommandQueue(_world.Store).AppendAsync("disarm-ha freeze", default);
        for (var i = 0; i < 6; i++)
            await RoundAsync(crm);
        Assert.DoesNotContain(_world.Texts, t => t.StartsWith("auto rebalance", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.5, true)]
    [InlineData(0.51, false)]
    public async Task A_move_must_be_worth_its_margin(double margin, bool moves)
    {
        // From the square root of 2 to half of it: an improvement by one half.
        var crm = await TwoOnOneNodeAsync(Balancing("dynamic").AutoRebalance with { HoldRounds = 0, Margin = margin - 1e-9 });
        await RoundAsync(crm);
        Assert.Equal(moves, _world.Texts.Any(t => t.StartsWith("auto rebalance", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(1.5, "bruteforce", true)]
    [InlineData(0.3, "magic", true)]
    [InlineData(0.3, "topsis", false)]
    public async Task Below_the_threshold_or_without_a_method_nothing_moves(double threshold, string method, bool stays)
    {
        var crm = await TwoOnOneNodeAsync(Balancing("dynamic").AutoRebalance with { HoldRounds = 1, Threshold = threshold, Method = method });
        await RoundAsync(crm);
        Assert.Equal(stays, !_world.Texts.Any(t => t.StartsWith("auto rebalance", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Balancing_that_is_off_or_has_the_basic_scheduler_moves_nothing()
    {
        foreach (var settings in new[] { Balancing("basic"), new DatacenterSettings(SchedulerMode: "dynamic") })
        {
            var crm = await TwoOnOneNodeAsync();
            _world.Settings = settings;
            for (var i = 0; i < 4; i++)
                await RoundAsync(crm);
        }

        Assert.DoesNotContain(_world.Texts, t => t.StartsWith("auto rebalance", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_container_is_relocated()
    {
        _statistics.Services[ResourceId.Parse("ct:100")] = new ServiceStatistics { MaxCpu = 4, MaxMemoryBytes = 40, Cpu = 2, MemoryBytes = 20 };
        _world.Configure(ResourceId.Parse("ct:100"), WantedState.Started, A);
        var crm = await TwoOnOneNodeAsync(Balancing("dynamic").AutoRebalance with { HoldRounds = 1 });
        await RoundAsync(crm);
        Assert.Contains("got crm command: relocate ct:100 b", _world.Texts);
    }

    [Fact]
    public async Task A_virtual_machine_that_comes_along_with_a_container_keeps_running()
    {
        var container = ResourceId.Parse("ct:100");
        _statistics.Services[container] = new ServiceStatistics { MaxCpu = 4, MaxMemoryBytes = 40, Cpu = 0, MemoryBytes = 0 };
        _world.Configure(container, WantedState.Started, A);
        await _world.Store.CommitAsync(
            KvBatch.Empty.Put(DocumentKeys.Rules, System.Text.Encoding.UTF8.GetBytes($"resource-affinity: together\n\tresources {container},{Vm}\n\taffinity positive\n")), default);
        var crm = await TwoOnOneNodeAsync(Balancing("dynamic").AutoRebalance with { HoldRounds = 1 });
        await RoundAsync(crm);
        Assert.Contains("got crm command: relocate ct:100 b", _world.Texts);
        Assert.Contains($"crm command 'relocate ct:100 b' - migrate service '{Vm}' to node 'b' (service '{Vm}' in positive affinity with service 'ct:100')", _world.Texts);
        var services = (await _world.StoredStatusAsync()).Services;
        Assert.Equal((ServiceState.Relocate, ServiceState.Migrate), (services[container].State, services[Vm].State));
    }

    private static DatacenterSettings Balancing(string mode) =>
        new(SchedulerMode: mode) { AutoRebalance = new AutoRebalanceSettings { Enabled = true } };

    // A master whose next round is the first that counts: node a carries both services, b and c nothing.
    private async Task<CrmDaemon> TwoOnOneNodeAsync(AutoRebalanceSettings? balancing = null)
    {
        _world.Statistics = _statistics;
        _world.Settings = Balancing("dynamic") with { AutoRebalance = AutoRebalanceSettings.Off };
        foreach (var id in new[] { Vm, Second })
        {
            _world.Configure(id, WantedState.Started, A);
            _statistics.Services[id] = new ServiceStatistics { MaxCpu = 4, MaxMemoryBytes = 40, Cpu = 2, MemoryBytes = 20 };
        }

        _statistics.Nodes[A] = _statistics.Nodes[A] with { Cpu = 4, MemoryBytes = 40 };
        var crm = _world.Crm();
        await RoundAsync(crm);
        _world.Settings = Balancing("dynamic") with { AutoRebalance = balancing ?? Balancing("dynamic").AutoRebalance };
        return crm;
    }

    private async Task ReportAsync(JobResult result)
    {
        var uid = (await _world.StoredStatusAsync()).Services[result.Service].Uid!;
        await _world.Store.CommitAsync(
            KvBatch.Empty.Put(DocumentKeys.LrmStatus(A), LrmStatusDocument.Write(LrmStatus.Missing with { Results = LrmStatus.Missing.Results.Add(uid, result) })), default);
    }

    private async Task RoundAsync(CrmDaemon crm)
    {
        _world.Pass(10);
        await crm.RunRoundAsync(default);
    }

    private sealed class FakeStatistics : IUsageStatistics
    {
        public SortedList<ResourceId, ServiceStatistics> Services { get; } = [];

        public SortedList<NodeName, NodeStatistics> Nodes { get; } = new()
        {
            [A] = new NodeStatistics { MaxCpu = 10, MaxMemoryBytes = 100 },
            [B] = new NodeStatistics { MaxCpu = 10, MaxMemoryBytes = 100 },
            [C] = new NodeStatistics { MaxCpu = 10, MaxMemoryBytes = 100 },
        };

        public string? ServicesRefusal { get; set; }

        public string? NodesRefusal { get; set; }

        public Task<IReadOnlyDictionary<ResourceId, ServiceStatistics>> ReadServicesAsync(StatisticsKind kind, ResourceSnapshot resources, CancellationToken cancel) =>
            ServicesRefusal is { } reason ? throw new PlatformException(reason) : Task.FromResult<IReadOnlyDictionary<ResourceId, ServiceStatistics>>(Services);

        public Task<IReadOnlyDictionary<NodeName, NodeStatistics>> ReadNodesAsync(StatisticsKind kind, CancellationToken cancel) =>
            NodesRefusal is { } reason ? throw new PlatformException(reason) : Task.FromResult<IReadOnlyDictionary<NodeName, NodeStatistics>>(Nodes);
    }
}
