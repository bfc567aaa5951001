using Ha.Core.Model;
using Ha.Core.Scheduling;

namespace Ha.Core.Tests.Scheduling;

/// <summary>Choosing the move that balances.</summary>
public sealed class MoveTests
{
    private static readonly ResourceId Vm = ResourceId.Parse("vm:101");

    [Theory]
    [InlineData("H", 1, 0.723982869039761)]
    [InlineData("H", 2, 0.597287465866405)]
    [InlineData("X", 1, 0.579417704060553)]
    [InlineData("X", 2, 0.52503185055771)]
    public void A_move_has_its_expected_imbalance(string cluster, int target, double expected) =>
        Assert.Equal(expected, BruteForce.FindBest(Clusters.Named(cluster), Moves(target))!.ExpectedImbalance);

    [Theory]
    [InlineData("H")]
    [InlineData("X")]
    public void Brute_force_takes_the_smallest_imbalance_and_topsis_spares_memory(string cluster)
    {
        Assert.Equal("node3", BruteForce.FindBest(Clusters.Named(cluster), Moves(1, 2))!.Target.Value);
        Assert.Equal("node2", TopsisMoves.FindBest(Clusters.Named(cluster), Moves(1, 2), Assert.Fail)!.Target.Value);
    }

    [Theory]
    [InlineData("H", 0.958567, 0.041433)]
    [InlineData("X", 0.972960, 0.027040)]
    public void Topsis_scores_the_imagined_clusters(string cluster, double node2, double node3)
    {
        var scores = Topsis.TryScore(TopsisMoves.RowsOf(Clusters.Named(cluster), Moves(1, 2)), LoadCriteria.All, out _)!;
        Assert.Equal([node2, node3], scores.Select(s => Math.Round(s, 6)));
    }

    [Fact]
    public void Without_moves_there_is_none_and_no_error()
    {
        var nothing = new Departures(Clusters.Names(3), []);
        Assert.Null(BruteForce.FindBest(Clusters.Homogeneous, nothing));
        Assert.Null(TopsisMoves.FindBest(Clusters.Homogeneous, nothing, Assert.Fail));
        Assert.Null(BruteForce.FindBest([], nothing));
    }

    [Fact]
    public void Of_equal_moves_the_first_leader_and_then_the_first_node_wins()
    {
        NodeLoad[] nodes = [new(8, 16, 8, 64), new(0, 16, 0, 64), new(0, 16, 0, 64)];
        Departure[] twins = [new(Vm, 0, 2, 2, [1, 2]), new(ResourceId.Parse("vm:102"), 0, 2, 2, [1, 2])];
        foreach (var best in new[] { BruteForce.FindBest(nodes, new(Clusters.Names(3), twins)), TopsisMoves.FindBest(nodes, new(Clusters.Names(3), twins), Assert.Fail) })
            Assert.Equal((Vm, "node2"), (best!.Leader, best.Target.Value));
    }

    [Fact]
    public void A_single_move_is_taken_by_topsis_whatever_it_does() =>
        Assert.Equal("node2", TopsisMoves.FindBest(Clusters.Homogeneous, Moves(1), Assert.Fail)!.Target.Value);

    [Fact]
    public void What_leaves_a_node_never_makes_its_load_negative() =>
        Assert.Equal(new NodeLoad(0, 16, 0, 64), new NodeLoad(1, 16, 10, 64).Without(2, 11));

    [Fact]
    public void Skipping_what_the_bounds_rule_out_changes_no_choice()
    {
        var random = new Random(4711);
        for (var round = 0; round < 300; round++)
        {
            var nodes = Enumerable.Range(0, random.Next(2, 12)).Select(_ => new NodeLoad(random.NextDouble() * 30, 32, (ulong)random.Next(1 << 30), 1 << 30)).ToArray();
            var names = Clusters.Names(nodes.Length);
            var departures = Enumerable.Range(100, random.Next(1, 40)).Select(number => RandomDeparture(random, number, nodes.Length)).ToList();
            var best = BruteForce.FindBest(nodes, new Departures(names, departures))!;
            var all =
                from departure in departures
                from target in departure.Targets
                select BruteForce.FindBest(nodes, new Departures(names, [departure with { Targets = [target] }]));
            Assert.Equal(all.OrderBy(m => m.ExpectedImbalance).First(), best); // The order is stable: of equals the first.
        }
    }

    private static Departure RandomDeparture(Random random, int number, int nodes)
    {
        var source = random.Next(nodes);
        // Few sizes, so that many moves are equal.
        return new Departure(ResourceId.Parse($"vm:{number}"), source, random.Next(4), (ulong)random.Next(3) << 26, [.. Enumerable.Range(0, nodes).Where(n => n != source)]);
    }

    private static Departures Moves(params int[] targets) => new(Clusters.Names(3), [new Departure(Vm, 0, 0.7, 8 * Clusters.Gibibyte, targets)]);
}
