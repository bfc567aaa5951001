namespace Ha.Core.Scheduling;

/// <summary>Scores nodes for a service that is about to be placed.</summary>
public static class StartScores
{
    /// <summary>Imagines the service on each node in turn and compares the results.</summary>
    /// <param name="nodes">All online nodes: the comparison needs also those the service may not use.</param>
    /// <param name="service">The service; it counts with its full size.</param>
    /// <param name="error">Why there are no scores; null if there are.</param>
    /// <returns>One score per node, larger is better; null on an error.</returns>
    public static double[]? TryScore(ReadOnlySpan<NodeLoad> nodes, ServiceLoad service, out string? error)
    {
        var criteria = new LoadCriteria(nodes);
        var rows = new double[nodes.Length * LoadCriteria.Count];
        for (var i = 0; i < nodes.Length; i++)
            criteria.Write(i, nodes[i].WithPlaced(service), rows.AsSpan(i * LoadCriteria.Count));
        return Topsis.TryScore(rows, LoadCriteria.All, out error);
    }
}
