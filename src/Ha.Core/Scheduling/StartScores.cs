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
        var shares = new Shares(nodes);
        var rows = new double[nodes.Length * LoadCriteria.Count];
        for (var i = 0; i < nodes.Length; i++)
        {
            shares.Set(i, nodes[i].WithPlaced(service));
            LoadCriteria.Write(shares.Cpu, shares.Memory, rows.AsSpan(i * LoadCriteria.Count));
            shares.Set(i, nodes[i]);
        }

        return Topsis.TryScore(rows, LoadCriteria.All, out error);
    }
}

/// <summary>The used shares of all nodes of an imagined cluster.</summary>
internal readonly struct Shares
{
    private readonly double[] _cpu;
    private readonly double[] _memory;

    public Shares(ReadOnlySpan<NodeLoad> nodes)
    {
        _cpu = new double[nodes.Length];
        _memory = new double[nodes.Length];
        for (var i = 0; i < nodes.Length; i++)
            Set(i, nodes[i]);
    }

    public ReadOnlySpan<double> Cpu => _cpu;

    public ReadOnlySpan<double> Memory => _memory;

    public void Set(int index, NodeLoad node) => (_cpu[index], _memory[index]) = (node.CpuShare, node.MemoryShare);
}
