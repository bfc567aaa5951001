namespace Ha.Core.Scheduling;

/// <summary>Chooses the move after which the use of cores and memory compares best; memory counts most.</summary>
internal static class TopsisMoves
{
    /// <summary>Compares all moves.</summary>
    /// <param name="nodes">The load of the online nodes.</param>
    /// <param name="departures">The moves.</param>
    /// <param name="report">Gets the error if they cannot be compared.</param>
    /// <returns>The best; of equals the first. Null: there are none, or they cannot be compared.</returns>
    public static Motion? FindBest(ReadOnlySpan<NodeLoad> nodes, Departures departures, Action<string> report)
    {
        var scores = Topsis.TryScore(RowsOf(nodes, departures), LoadCriteria.All, out var error);
        if (scores is null)
        {
            report(error ?? "");
            return null;
        }

        var move = -1;
        var (best, bestScore) = (default((Departure Departure, int Target)?), double.NegativeInfinity);
        foreach (var departure in departures.All)
        {
            foreach (var target in departure.Targets)
            {
                if (scores[++move] > bestScore)
                    (best, bestScore) = ((departure, target), scores[move]);
            }
        }

        return best is { } found ? departures.MotionOf(found.Departure, found.Target, ImbalanceAfter(nodes, found.Departure, found.Target)) : null;
    }

    /// <summary>The criteria of every imagined cluster, one row per move.</summary>
    public static double[] RowsOf(ReadOnlySpan<NodeLoad> nodes, Departures departures)
    {
        var criteria = new LoadCriteria(nodes);
        var rows = new double[departures.MoveCount * LoadCriteria.Count];
        var row = 0;
        foreach (var departure in departures.All)
        {
            criteria.Change(departure.Source, nodes[departure.Source].Without(departure.Cpu, departure.Memory));
            foreach (var target in departure.Targets)
            {
                criteria.Write(target, nodes[target].With(departure.Cpu, departure.Memory), rows.AsSpan(row));
                row += LoadCriteria.Count;
            }

            criteria.Change(departure.Source, nodes[departure.Source]);
        }

        return rows;
    }

    private static double ImbalanceAfter(ReadOnlySpan<NodeLoad> nodes, Departure departure, int target)
    {
        var after = nodes.ToArray();
        after[departure.Source] = after[departure.Source].Without(departure.Cpu, departure.Memory);
        after[target] = after[target].With(departure.Cpu, departure.Memory);
        return Imbalance.Truncate(Imbalance.Of(after));
    }
}
