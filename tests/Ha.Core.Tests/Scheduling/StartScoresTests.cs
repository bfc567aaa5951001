using Ha.Core.Scheduling;

namespace Ha.Core.Tests.Scheduling;

public sealed class StartScoresTests
{
    private const double Billion = 1e9;

    [Theory]
    [InlineData("H", 1, 12, 0.044999, 0.955001, 0.252726)]
    [InlineData("H", 12, 0, 1, 0, 0.826564)]
    [InlineData("H", 0, 0, 1, 0, 0.739201)]
    [InlineData("H", 12, 12, 0.324987, 0.675013, 0.383790)]
    [InlineData("X", 1, 12, 0.764512, 0.973631, 0.026299)]
    [InlineData("X", 12, 0, 0, 0.237172, 1)]
    [InlineData("X", 0, 0, 1, 0, 0.698634)]
    [InlineData("X", 12, 12, 0.748044, 0.914218, 0.094116)]
    public void Nodes_are_scored_for_a_start(string cluster, double maxCpu, int maxMemoryGibibytes, double node1, double node2, double node3)
    {
        var service = new ServiceLoad(0, 0, maxCpu, (ulong)maxMemoryGibibytes * Clusters.Gibibyte);
        var scores = StartScores.TryScore(Clusters.Named(cluster), service, out var error)!;
        Assert.Null(error);
        Assert.Equal([node1, node2, node3], scores.Select(s => Math.Round(s, 6)));
    }

    [Fact]
    public void With_equal_cores_memory_decides()
    {
        NodeLoad[] nodes = [Empty(32, 200), Empty(32, 300), Empty(32, 100)];
        var scores = StartScores.TryScore(nodes, new ServiceLoad(0, 0, 2, 4_000_000_000), out _)!;
        Assert.Equal([0.75, 1, 0], scores.Select(s => Math.Round(s, 6)));
    }

    [Fact]
    public void Promised_cores_can_yield_to_used_memory()
    {
        NodeLoad[] nodes = [new(9.2, 32, 3221225472, 256_000_000_000), new(8.8, 32, 5905580032, 256_000_000_000)];
        var scores = StartScores.TryScore(nodes, new ServiceLoad(0, 0, 8, 4294967296), out _)!;
        Assert.Equal([0.861132, 0.138868], scores.Select(s => Math.Round(s, 6)));
    }

    [Fact]
    public void Equal_nodes_all_score_nothing() =>
        Assert.Equal([0, 0, 0], StartScores.TryScore([Empty(32, 256), Empty(32, 256), Empty(32, 256)], new ServiceLoad(0, 0, 8, 4294967296), out _)!);

    [Fact]
    public void A_node_without_capacity_cannot_be_compared()
    {
        Assert.Null(StartScores.TryScore([Empty(0, 256), Empty(32, 256)], new ServiceLoad(0, 0, 0, 1), out var error));
        Assert.StartsWith("criterion 0 got invalid value", error, StringComparison.Ordinal);
    }

    private static NodeLoad Empty(double cores, double billionBytes) => new(0, cores, 0, (ulong)(billionBytes * Billion));
}
