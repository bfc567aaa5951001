using System.Collections.Immutable;
using Ha.Core.Model;
using Ha.Core.Rules;
using Ha.Core.Scheduling;

namespace Ha.Core.Tests.Scheduling;

public sealed class NodeSelectorTests
{
    private static readonly ResourceId Vm = ResourceId.Parse("vm:111");
    private static readonly NodeName Node1 = NodeName.Parse("node1");
    private static readonly NodeName Node2 = NodeName.Parse("node2");
    private static readonly NodeName Node3 = NodeName.Parse("node3");

    // A preference for node1 that is not strict: the others follow with a lower priority.
    private static readonly CompiledRules PreferNode1 = CompiledRules.None with
    {
        NodeAffinity = ImmutableSortedDictionary<ResourceId, ImmutableSortedDictionary<NodeName, int>>.Empty.Add(
            Vm, new Dictionary<NodeName, int> { [Node1] = 0, [Node2] = -1, [Node3] = -1 }.ToImmutableSortedDictionary()),
    };

    [Fact]
    public void A_service_follows_its_preferred_node_through_failures_and_returns()
    {
        var at = Node1;
        var online = new SortedSet<NodeName> { Node1, Node2, Node3 };
        Expect(NodePreference.None, Node1);
        Expect(NodePreference.TryNext, Node1);
        online.Remove(Node1);
        Expect(NodePreference.None, Node2);
        Expect(NodePreference.TryNext, Node3);
        Expect(NodePreference.TryNext, Node2);
        online.Remove(Node2);
        Expect(NodePreference.None, Node3);
        Expect(NodePreference.TryNext, Node3);
        online.Add(Node1);
        Expect(NodePreference.None, Node1);
        online.Add(Node2);
        Expect(NodePreference.None, Node1);
        Expect(NodePreference.TryNext, Node1);

        void Expect(NodePreference preference, NodeName expected)
        {
            at = Select(at, preference, PreferNode1, new BasicUsage(online)) ?? throw new InvalidOperationException("no node");
            Assert.Equal(expected, at);
        }
    }

    [Fact]
    public void The_least_loaded_node_wins_and_ties_go_to_the_first_name()
    {
        var usage = new BasicUsage([Node3, Node2, Node1]);
        usage.Place(ResourceId.Parse("vm:1"), ServiceState.Started, Node1, null);
        Assert.Equal(Node2, Select(null, NodePreference.BestScore, CompiledRules.None, usage));
        usage.Place(ResourceId.Parse("vm:2"), ServiceState.Migrate, Node1, Node2);
        Assert.Equal(Node3, Select(null, NodePreference.BestScore, CompiledRules.None, usage));
    }

    [Fact]
    public void A_moving_service_counts_on_both_nodes_and_a_stopped_one_nowhere()
    {
        var usage = new BasicUsage([Node1, Node2]);
        usage.Place(Vm, ServiceState.Relocate, Node1, Node2);
        Assert.Equal((1, 1), (usage.CountOn(Node1), usage.CountOn(Node2)));
        usage.Place(Vm, ServiceState.Stopped, Node2, null);
        Assert.Equal((0, 0), (usage.CountOn(Node1), usage.CountOn(Node2)));
    }

    [Fact]
    public void Failed_nodes_are_not_tried_again()
    {
        var request = new PlacementRequest(Vm, Node1, [Node1, Node2], null, true);
        Assert.Equal(Node3, NodeSelector.Select(request, NodePreference.TryNext, CompiledRules.None, new BasicUsage([Node1, Node2, Node3]), _ => default));
        Assert.Null(NodeSelector.Select(request, NodePreference.TryNext, CompiledRules.None, new BasicUsage([Node1, Node2]), _ => default));
    }

    [Fact]
    public void A_service_that_left_for_maintenance_returns_before_anything_else()
    {
        var request = new PlacementRequest(Vm, Node2, [], Node3, true);
        Assert.Equal(Node3, NodeSelector.Select(request, NodePreference.None, CompiledRules.None, new BasicUsage([Node1, Node2, Node3]), _ => default));
        Assert.Equal(Node2, NodeSelector.Select(request, NodePreference.None, CompiledRules.None, new BasicUsage([Node1, Node2]), _ => default));
    }

    [Fact]
    public void Without_online_nodes_there_is_no_node() => Assert.Null(Select(Node1, NodePreference.BestScore, CompiledRules.None, new BasicUsage([])));

    [Fact]
    public void A_partner_to_avoid_forbids_both_ends_of_its_move()
    {
        var foe = ResourceId.Parse("vm:112");
        var rules = CompiledRules.None with
        {
            Apart = ImmutableSortedDictionary<ResourceId, ImmutableSortedSet<ResourceId>>.Empty.Add(Vm, [foe]),
        };
        var request = new PlacementRequest(Vm, Node1, [], null, true);
        Assert.Equal(Node3, NodeSelector.Select(request, NodePreference.None, rules, new BasicUsage([Node1, Node2, Node3]), _ => (Node1, Node2)));
    }

    [Fact]
    public void Partners_to_join_are_met_where_most_of_them_go()
    {
        var friends = new[] { "vm:1", "vm:2", "vm:3" }.Select(ResourceId.Parse).ToArray();
        var rules = CompiledRules.None with
        {
            Together = ImmutableSortedDictionary<ResourceId, ImmutableSortedSet<ResourceId>>.Empty.Add(Vm, [.. friends]),
        };
        var request = new PlacementRequest(Vm, Node1, [], null, true);
        var chosen = NodeSelector.Select(
            request, NodePreference.None, rules, new BasicUsage([Node1, Node2, Node3]), id => id == friends[0] ? (Node1, null) : (Node1, Node3));
        Assert.Equal(Node3, chosen);
    }

    private static NodeName? Select(NodeName? at, NodePreference preference, CompiledRules rules, BasicUsage usage) =>
        NodeSelector.Select(new PlacementRequest(Vm, at, [], null, true), preference, rules, usage, _ => default);
}
