namespace Ha.Core.Scheduling;

/// <summary>Chooses the move after which the imbalance is smallest.</summary>
internal static class BruteForce
{
    /// <summary>Looks at every move.</summary>
    /// <param name="nodes">The load of the online nodes.</param>
    /// <param name="departures">The moves.</param>
    /// <returns>The best; of equals the first. Null: there are none.</returns>
    public static Motion? FindBest(ReadOnlySpan<NodeLoad> nodes, Departures departures)
    {
        var loads = new double[nodes.Length];
        for (var i = 0; i < loads.Length; i++)
            loads[i] = nodes[i].Load;
        var bounds = new ImbalanceBounds(loads);
        Motion? best = null;
        var bestUpper = double.PositiveInfinity;
        foreach (var departure in departures.All)
        {
            var source = departure.Source;
            var left = nodes[source].Without(departure.Cpu, departure.Memory).Load;
            foreach (var target in departure.Targets)
            {
                var joined = nodes[target].With(departure.Cpu, departure.Memory).Load;
                var (lower, upper) = bounds.After((loads[source], left), (loads[target], joined));
                if (lower > bestUpper)
                    continue;
                bestUpper = Math.Min(bestUpper, upper);
                var imbalance = ExactAfter(loads, (source, left), (target, joined));
                if (best is null || imbalance < best.ExpectedImbalance)
                    best = departures.MotionOf(departure, target, imbalance);
            }
        }

        return best;
    }

    private static double ExactAfter(double[] loads, (int Node, double Load) source, (int Node, double Load) target)
    {
        var (left, joined) = (loads[source.Node], loads[target.Node]);
        (loads[source.Node], loads[target.Node]) = (source.Load, target.Load);
        var imbalance = Imbalance.Truncate(Imbalance.Of(loads));
        (loads[source.Node], loads[target.Node]) = (left, joined);
        return imbalance;
    }
}
