using System.Collections.Immutable;
using Ha.Core.Model;
using Ha.Core.Rules;
using Ha.Core.Scheduling;

namespace Ha.Core.Tests.Scheduling;

public sealed class LoadUsageTests
{
    private const ulong TenBillion = 10_000_000_000;
    private readonly SortedList<NodeName, NodeStatistics> _nodes = [];
    private readonly SortedList<ResourceId, ServiceStatistics> _services = [];
    private readonly List<string> _reports = [];

    [Fact]
    public void Services_spread_by_capacity()
    {
        Node("A", 10, 100_000_000_000);
        Node("B", 20, 200_000_000_000);
        Assert.Equal("BBABBABBABBABBA", PlaceOnWinners(15, 4, 2 * TenBillion, usage => usage[..1]));
    }

    [Fact]
    public void The_whole_order_follows_each_placement()
    {
        Node("A", 8, 10_000_000_000);
        Node("B", 4, 9_000_000_000);
        Node("C", 4, 8_000_000_000);
        var orders = PlaceOnWinners(20, 3, 16_000_000, order => order + " ");
        Assert.Equal(string.Concat(Enumerable.Repeat("ABC ABC BCA CAB ", 5)), orders);
    }

    [Fact]
    public void Services_that_are_there_already_change_no_order_if_they_load_all_nodes_alike()
    {
        Node("A", 8, 10_000_000_000);
        Node("B", 4, 9_000_000_000);
        Node("C", 4, 8_000_000_000);
        foreach (var (name, maxCpu) in new[] { ("A", 4), ("B", 2), ("C", 2) })
            Service($"vm:{name}", maxCpu, 1_000_000_000, name);
        var orders = PlaceOnWinners(20, 3, 16_000_000, order => order + " ", ("vm:A", "A"), ("vm:B", "B"), ("vm:C", "C"));
        Assert.Equal(string.Concat(Enumerable.Repeat("ABC ABC BCA CAB ", 5)), orders);
    }

    [Fact]
    public void A_moving_service_weighs_on_both_nodes_and_what_is_gone_leaves_no_trace()
    {
        Node("A", 10, 100_000_000_000);
        Node("B", 20, 200_000_000_000);
        Node("C", 30, 300_000_000_000);
        foreach (var id in new[] { "vm:1", "vm:2", "vm:3", "vm:4", "vm:9" })
            Service(id, 4, 2 * TenBillion);
        var usage = Make(LoadMode.Static);
        usage.Place(Id("vm:1"), ServiceState.Started, Name("A"), null);
        usage.Place(Id("vm:2"), ServiceState.Started, Name("A"), null);
        usage.Place(Id("vm:3"), ServiceState.Started, Name("B"), null);
        usage.Place(Id("vm:4"), ServiceState.Migrate, Name("B"), Name("C"));
        Assert.Equal("CBA", OrderFor(usage, "vm:9"));
        usage.Place(Id("vm:3"), ServiceState.Stopped, Name("B"), null);
        usage.Place(Id("vm:4"), ServiceState.Started, Name("C"), null);
        Assert.Equal("BCA", OrderFor(usage, "vm:9"));
    }

    [Fact]
    public void Slightly_less_memory_decides_between_nodes_with_equal_load()
    {
        foreach (var (name, memory) in new[] { ("A", 4102062080UL), ("B", 4102062080UL), ("C", 4102053888UL), ("D", 4102053888UL) })
            Node(name, 4, memory);
        for (var i = 1; i <= 6; i++)
            Service($"vm:{i}", 1, 536870912);
        var usage = Make(LoadMode.Static);
        for (var i = 1; i <= 4; i++)
            usage.Place(Id($"vm:{i}"), ServiceState.Started, Name("A"), null);
        usage.Place(Id("vm:5"), ServiceState.Started, Name("B"), null);
        Assert.Equal("CDBA", OrderFor(usage, "vm:6"));
    }

    [Fact]
    public void Sizes_and_not_samples_decide_where_a_service_starts_and_only_starting_ones_are_added_to_samples()
    {
        Node("A", 10, 100, cpu: 1, memory: 10);
        Node("B", 10, 100, cpu: 1, memory: 10);
        Service("vm:1", 4, 40, "A", cpu: 1, memory: 1);
        Service("vm:2", 4, 40, "B", cpu: 1, memory: 1);
        var usage = Make(LoadMode.Dynamic);
        usage.Place(Id("vm:1"), ServiceState.Started, Name("A"), null, running: true);
        Assert.Equal("AB", OrderFor(usage, "vm:2"));
        usage.Place(Id("vm:1"), ServiceState.Started, Name("A"), null, running: false);
        Assert.Equal("BA", OrderFor(usage, "vm:2"));
        usage.Place(Id("vm:1"), ServiceState.RequestStartBalance, Name("B"), Name("A"));
        Assert.Equal("BA", OrderFor(usage, "vm:2"));
        usage.Place(Id("vm:1"), ServiceState.Migrate, Name("A"), Name("B"));
        Assert.Equal("AB", OrderFor(usage, "vm:2")); // It runs, so the samples of its source show it, and nothing shows it on its target.
    }

    [Fact]
    public void A_move_whose_source_is_offline_counts_as_a_start_on_its_target()
    {
        Node("A", 10, 100);
        Node("B", 10, 100);
        Service("vm:1", 4, 40, cpu: 1, memory: 1);
        Service("vm:2", 4, 40, cpu: 1, memory: 1);
        var usage = Make(LoadMode.Dynamic);
        usage.Place(Id("vm:1"), ServiceState.Migrate, Name("gone"), Name("A"));
        Assert.Equal("BA", OrderFor(usage, "vm:2"));
    }

    [Fact]
    public void The_imbalance_counts_sizes_in_one_mode_and_samples_in_the_other()
    {
        Node("A", 10, 100, cpu: 5, memory: 50);
        Node("B", 10, 100, cpu: 5, memory: 50);
        Service("vm:1", 4, 40, "A", cpu: 1, memory: 1);
        foreach (var (mode, expected) in new[] { (LoadMode.Static, 1.0), (LoadMode.Dynamic, 0.0) })
        {
            var usage = Make(mode);
            usage.Place(Id("vm:1"), ServiceState.Started, Name("A"), null, running: false);
            Assert.Equal(expected, usage.Imbalance);
        }
    }

    [Fact]
    public void A_service_without_limit_weighs_as_much_as_its_node_has()
    {
        Node("A", 10, 100);
        Node("B", 20, 100);
        Service("vm:1", 0, 0);
        var usage = Make(LoadMode.Static);
        usage.Place(Id("vm:1"), ServiceState.Started, Name("B"), null);
        Assert.Equal(1, usage.Imbalance);
    }

    [Fact]
    public void Fractions_of_a_nodes_cores_are_dropped()
    {
        Assert.Equal(2, LoadMode.Static.LoadOf(Name("A"), new NodeStatistics { MaxCpu = 2.9, MaxMemoryBytes = 1 }, out _).MaxCpu);
        LoadMode.Static.LoadOf(Name("A"), new NodeStatistics { MaxCpu = 0.9, MaxMemoryBytes = 1 }, out var error);
        Assert.Equal("static node usage information for 'A' missing cpu count", error);
    }

    [Theory]
    [InlineData(null, 1, "dynamic node usage information for 'B' missing cpu count")]
    [InlineData(0, 1, "dynamic node usage information for 'B' missing cpu count")]
    [InlineData(1, null, "dynamic node usage information for 'B' missing memory")]
    [InlineData(1, 0, "dynamic node usage information for 'B' missing memory")]
    public void One_incomplete_node_spoils_the_comparison(int? cores, int? memory, string error)
    {
        Node("A", 10, 100);
        _nodes[Name("B")] = new NodeStatistics { MaxCpu = cores, MaxMemoryBytes = (ulong?)memory };
        Assert.Equal(error, ErrorOf(LoadMode.Dynamic, "A", "B"));
        Assert.Null(ErrorOf(LoadMode.Dynamic, "A"));
    }

    [Fact]
    public void A_node_nobody_knows_spoils_the_comparison() => Assert.Equal("did not get static node usage information for 'A'", ErrorOf(LoadMode.Static, "A"));

    [Fact]
    public void A_service_without_statistics_is_reported_and_placed_nowhere()
    {
        Node("A", 10, 100);
        Node("B", 10, 100);
        _services[Id("vm:2")] = new ServiceStatistics { MaxCpu = 1 };
        var usage = Make(LoadMode.Static);
        usage.Place(Id("vm:1"), ServiceState.Started, Name("A"), null);
        usage.Place(Id("vm:2"), ServiceState.Started, Name("A"), null);
        usage.Place(Id("vm:2"), ServiceState.Stopped, Name("A"), null);
        Assert.Equal(0, usage.Imbalance);
        Assert.Equal(
            ["unable to add service 'vm:1' - did not get static service usage information for 'vm:1'", "unable to add service 'vm:2' - missing field maxmem"],
            _reports);
    }

    [Fact]
    public void A_service_that_goes_where_it_is_cannot_be_placed()
    {
        Node("A", 10, 100);
        Service("vm:1", 1, 1);
        Make(LoadMode.Static).Place(Id("vm:1"), ServiceState.Migrate, Name("A"), Name("A"));
        Assert.Equal(["unable to add service 'vm:1' - resource 'vm:1' has the same current and target node"], _reports);
    }

    [Fact]
    public void A_service_that_cannot_be_scored_goes_where_fewest_services_are()
    {
        Node("A", 10, 100);
        Node("B", 10, 100);
        Service("vm:1", 1, 1);
        var usage = Make(LoadMode.Dynamic);
        _services[Id("vm:1")] = _services[Id("vm:1")] with { Cpu = 1, MemoryBytes = 1 };
        usage.Place(Id("vm:1"), ServiceState.Started, Name("A"), null, running: true);
        Assert.Equal("BA", OrderFor(usage, "vm:2"));
        Assert.Equal(["unable to score nodes according to dynamic usage for service 'vm:2' - did not get dynamic service usage information for 'vm:2'"], _reports);
    }

    [Fact]
    public void Nobody_is_scored_where_there_is_no_choice()
    {
        Node("A", 10, 100);
        var usage = Make(LoadMode.Static);
        Assert.Equal(Name("A"), NodeSelector.Select(new PlacementRequest(Id("vm:1"), null, [], null, true), NodePreference.BestScore, CompiledRules.None, usage, _ => default));
        Assert.Empty(_reports);
    }

    [Fact]
    public void Forbidden_nodes_take_part_in_the_comparison()
    {
        Node("A", 8, 160, cpu: 3, memory: 10);
        Node("B", 8, 80, cpu: 0, memory: 10);
        Service("vm:1", 4, 10, cpu: 0, memory: 0);
        Assert.Equal("A", BestOfAAndB().Value);
        Node("C", 16, 160, cpu: 5, memory: 80);
        Assert.Equal("B", BestOfAAndB().Value);

        NodeName BestOfAAndB()
        {
            var allowed = new Dictionary<NodeName, int> { [Name("A")] = 0, [Name("B")] = 0 }.ToImmutableSortedDictionary();
            var rules = CompiledRules.None with { NodeAffinity = CompiledRules.None.NodeAffinity.Add(Id("vm:1"), allowed) };
            return NodeSelector.Select(new PlacementRequest(Id("vm:1"), null, [], null, true), NodePreference.BestScore, rules, Make(LoadMode.Dynamic), _ => default)!;
        }
    }

    [Theory]
    [InlineData("leader 'vm:1' is not present in the cluster usage", "")]
    [InlineData("leader 'vm:1' is non-stationary", "vm:1:A:B vm:2:A")]
    [InlineData("resource 'vm:2' is not present in the cluster usage", "vm:1:A")]
    [InlineData("resource 'vm:2' is non-stationary", "vm:1:A vm:2:A:B")]
    [InlineData("resource 'vm:2' is on other node than leader", "vm:1:A vm:2:B")]
    public void A_bundle_that_is_not_where_it_should_be_stops_the_attempt(string error, string placed)
    {
        Node("A", 10, 100);
        Node("B", 10, 100);
        Service("vm:1", 1, 1);
        Service("vm:2", 1, 1);
        var usage = Make(LoadMode.Static);
        foreach (var service in placed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => s.Split(':')))
        {
            var state = service.Length > 3 ? ServiceState.Migrate : ServiceState.Started;
            usage.Place(Id($"vm:{service[1]}"), state, Name(service[2]), service.Length > 3 ? Name(service[3]) : null);
        }

        Assert.Null(usage.FindBestMove([new Movable(new Bundle(Name("A"), [Id("vm:1"), Id("vm:2")]), [Name("B")])], "bruteforce"));
        Assert.Equal([$"unable to score best balancing migration - {error}"], _reports);
    }

    [Fact]
    public void A_bundle_moves_as_the_sum_of_its_members_and_an_unknown_method_chooses_nothing()
    {
        Node("A", 10, 100, cpu: 4, memory: 40);
        Node("B", 10, 100);
        Service("vm:1", 9, 9, cpu: 1, memory: 10);
        Service("vm:2", 9, 9, cpu: 1, memory: 10);
        var usage = Make(LoadMode.Dynamic);
        usage.Place(Id("vm:1"), ServiceState.Started, Name("A"), null, running: true);
        usage.Place(Id("vm:2"), ServiceState.Started, Name("A"), null, running: true);
        Movable[] movables = [new Movable(new Bundle(Name("A"), [Id("vm:1"), Id("vm:2")]), [Name("B")])];
        Assert.Equal(new Motion(Id("vm:1"), Name("B"), 0), usage.FindBestMove(movables, "bruteforce"));
        Assert.Equal(new Motion(Id("vm:1"), Name("B"), 0), usage.FindBestMove(movables, "topsis"));
        Assert.Null(usage.FindBestMove(movables, "magic"));
    }

    [Fact]
    public void The_basic_scheduler_knows_no_imbalance_and_no_move()
    {
        var usage = new BasicUsage([Name("A"), Name("B")]);
        usage.Place(Id("vm:1"), ServiceState.Started, Name("A"), null);
        Assert.Equal(0, usage.Imbalance);
        Assert.Null(usage.FindBestMove([new Movable(new Bundle(Name("A"), [Id("vm:1")]), [Name("B")])], "bruteforce"));
    }

    private static ResourceId Id(string id) => ResourceId.Parse(id);

    private static NodeName Name(string name) => NodeName.Parse(name);

    private static string OrderFor(LoadUsage usage, string id) =>
        string.Concat(usage.Online.OrderBy(usage.CostsFor(Id(id))).ThenBy(n => n).Select(n => n.Value));

    private void Node(string name, double maxCpu, ulong maxMemory, double cpu = 0, ulong memory = 0) =>
        _nodes[Name(name)] = new NodeStatistics { MaxCpu = maxCpu, MaxMemoryBytes = maxMemory, Cpu = cpu, MemoryBytes = memory };

    private void Service(string id, double maxCpu, ulong maxMemory, string? node = null, double? cpu = null, ulong? memory = null) =>
        _services[Id(id)] = new ServiceStatistics { Node = node is null ? null : Name(node), MaxCpu = maxCpu, MaxMemoryBytes = maxMemory, Cpu = cpu, MemoryBytes = memory };

    private LoadUsage Make(LoadMode mode) => LoadUsage.TryCreate(mode, _nodes.Keys, _nodes, _services, l => _reports.Add(l.Text), out _)!;

    private string? ErrorOf(LoadMode mode, params string[] online)
    {
        Assert.Equal(LoadUsage.TryCreate(mode, online.Select(Name), _nodes, _services, _ => { }, out var error) is null, error is not null);
        return error;
    }

    // Places services one after the other on the node that wins, and shows something of each order.
    private string PlaceOnWinners(int count, double maxCpu, ulong maxMemory, Func<string, string> show, params (string Id, string Node)[] before)
    {
        for (var i = 0; i < count; i++)
            Service($"vm:{100 + i}", maxCpu, maxMemory);
        var usage = Make(LoadMode.Static);
        foreach (var (id, node) in before)
            usage.Place(Id(id), ServiceState.Started, Name(node), null);
        var shown = "";
        for (var i = 0; i < count; i++)
        {
            var order = OrderFor(usage, $"vm:{100 + i}");
            usage.Place(Id($"vm:{100 + i}"), ServiceState.Started, Name(order[..1]), null);
            shown += show(order);
        }

        return shown;
    }
}
