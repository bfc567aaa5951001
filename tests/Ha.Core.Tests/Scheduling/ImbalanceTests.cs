using Ha.Core.Scheduling;

namespace Ha.Core.Tests.Scheduling;

public sealed class ImbalanceTests
{
    [Theory]
    [InlineData("H", 0.4893954724628247)]
    [InlineData("X", 0.33026013056867354)]
    public void The_imbalance_is_the_raw_coefficient_of_variation_to_the_last_bit(string cluster, double expected) =>
        Assert.Equal(expected, Imbalance.Of(Clusters.Named(cluster)));

    [Fact]
    public void One_node_that_carries_everything_makes_the_square_root_of_the_others()
    {
        Assert.Equal(Math.Sqrt(2), Imbalance.Of([0.5, 0, 0]), 15);
        Assert.Equal(Math.Sqrt(9), Imbalance.Of([0.7, 0, 0, 0, 0, 0, 0, 0, 0, 0]), 14);
    }

    [Fact]
    public void Nothing_to_compare_is_balanced()
    {
        var node = new NodeLoad(1.7, 16, 224395264, 68719476736);
        Assert.Equal(0, Imbalance.Of(Array.Empty<NodeLoad>()));
        Assert.Equal(0, Imbalance.Of([node]));
        Assert.Equal(0, Imbalance.Of([node, node, node]));
        Assert.Equal(0, Imbalance.Of([0.0, 0.0]));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_is_not_a_number_moves_nothing(double load) => Assert.Equal(0, Imbalance.Of([load, 0.5]));

    [Fact]
    public void Truncation_makes_equals_of_what_differs_by_noise()
    {
        Assert.NotEqual(0.7231749488916931, 0.723174948891693);
        Assert.Equal(0.723174948891693, Imbalance.Truncate(0.7231749488916931));
        Assert.Equal(0.723174948891693, Imbalance.Truncate(0.723174948891693));
        Assert.Equal(0.807278103494748, Imbalance.Truncate(0.8072781034947482));
        Assert.Equal(0.983562107207771, Imbalance.Truncate(0.983562107207771));
    }

    [Fact]
    public void Bounds_hold_the_exact_value_for_any_move()
    {
        var random = new Random(4711);
        for (var round = 0; round < 2000; round++)
        {
            var loads = Enumerable.Range(0, random.Next(2, 70)).Select(_ => random.NextDouble() * Math.Pow(10, random.Next(-6, 3))).ToArray();
            var bounds = new ImbalanceBounds(loads);
            var (source, target) = (random.Next(loads.Length), random.Next(loads.Length));
            if (source == target)
                continue;
            var after = loads.ToArray();
            after[source] *= random.NextDouble();
            after[target] += loads[source] - after[source];
            var (lower, upper) = bounds.After((loads[source], after[source]), (loads[target], after[target]));
            var exact = Imbalance.Of(after);
            Assert.InRange(1 + (exact * exact), lower, upper);
            Assert.True(upper - lower < 1e-6 || double.IsInfinity(upper));
        }
    }
}
