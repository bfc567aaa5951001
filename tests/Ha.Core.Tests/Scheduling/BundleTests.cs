using System.Collections.Immutable;
using Ha.Core.Model;
using Ha.Core.Rules;
using Ha.Core.Scheduling;

namespace Ha.Core.Tests.Scheduling;

public sealed class BundleTests
{
    private static readonly NodeName[] Nodes = Clusters.Names(3);

    [Theory]
    [InlineData("101:started:1 102:started:1", "", "101 | 102")]
    [InlineData("101:started:1 102:started:1", "101 102", "101+102")]
    [InlineData("101:stopped:1 102:started:1 103:started:1", "101 102 103", "102+103")]
    [InlineData("101:started:1 102:stopped:1 103:started:1", "101 102 103", "101+103")]
    [InlineData("101:started:1 102:migrate:1 103:relocate:1", "101 102 103", "")]
    [InlineData("101:started:1 102:started:2 103:started:3", "101 102 103", "")]
    [InlineData("1000:started:1 101:started:1", "101 1000", "1000+101")]
    [InlineData("101:freeze:1 102:request_stop:1 103:started:2", "", "103")]
    public void Started_partners_on_one_node_move_together_under_the_first_name(string services, string together, string expected)
    {
        var bundles = Bundle.FindAll(ServicesOf(services), TogetherOf(together));
        Assert.Equal(expected, string.Join(" | ", bundles.Select(b => string.Join('+', b.Members.Select(m => m.Name)))));
    }

    [Fact]
    public void A_bundle_moves_to_the_preferred_nodes_that_no_partner_to_avoid_occupies()
    {
        var rules = CompiledRules.None with
        {
            NodeAffinity = Priorities(("101", 2, 1), ("101", 1, 1), ("101", 3, 0)),
            Apart = ImmutableSortedDictionary<ResourceId, ImmutableSortedSet<ResourceId>>.Empty.Add(Id("102"), [Id("103")]),
        };
        var services = ServicesOf("101:started:1 102:started:1 103:started:2");
        var movables = Movable.FindAll(Bundle.FindAll(services, rules), rules, Nodes, id => (services[id].Node, null));
        Assert.Equal(["101>node2", "102>node3", "103>node1,node3"], movables.Select(m => $"{m.Bundle.Leader.Name}>{string.Join(',', m.Targets)}"));
    }

    [Fact]
    public void A_bundle_without_a_target_is_left_out()
    {
        var rules = CompiledRules.None with { NodeAffinity = Priorities(("101", 1, 0)) };
        Assert.Empty(Movable.FindAll(Bundle.FindAll(ServicesOf("101:started:1"), rules), rules, Nodes, _ => default));
    }

    private static ResourceId Id(string number) => ResourceId.Parse($"vm:{number}");

    private static SortedList<ResourceId, ServiceRecord> ServicesOf(string text) => new(text.Split(' ').Select(s => s.Split(':')).ToDictionary(
        s => Id(s[0]), s => new ServiceRecord { State = StateWords.ParseServiceState(s[1])!.Value, Node = NodeName.Parse($"node{s[2]}") }));

    private static CompiledRules TogetherOf(string numbers)
    {
        var ids = numbers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Id).ToImmutableSortedSet();
        return CompiledRules.None with { Together = ids.ToImmutableSortedDictionary(i => i, i => ids.Remove(i)) };
    }

    private static ImmutableSortedDictionary<ResourceId, ImmutableSortedDictionary<NodeName, int>> Priorities(params (string Number, int Node, int Priority)[] entries) =>
        entries.GroupBy(e => Id(e.Number)).ToImmutableSortedDictionary(g => g.Key, g => g.ToImmutableSortedDictionary(e => NodeName.Parse($"node{e.Node}"), e => e.Priority));
}
