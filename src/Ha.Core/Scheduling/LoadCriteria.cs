namespace Ha.Core.Scheduling;

/// <summary>What makes one imagined cluster better than another: average and highest use of cores and of memory, all to be small.</summary>
internal sealed class LoadCriteria
{
    /// <summary>How many there are.</summary>
    public const int Count = 4;

    // Memory that is not there kills, cores that are not there only delay.
    private static readonly Criterion[] Weights = [new(1), new(2), new(5), new(10)];

    private readonly double[] _cpuShares;
    private readonly double[] _memoryShares;
    private readonly ShareColumn _cpu;
    private readonly ShareColumn _memory;

    /// <summary>Prepares a cluster.</summary>
    public LoadCriteria(ReadOnlySpan<NodeLoad> nodes)
    {
        (_cpuShares, _memoryShares) = (new double[nodes.Length], new double[nodes.Length]);
        (_cpu, _memory) = (new ShareColumn(nodes.Length), new ShareColumn(nodes.Length));
        for (var i = 0; i < nodes.Length; i++)
            (_cpuShares[i], _memoryShares[i]) = (nodes[i].CpuShare, nodes[i].MemoryShare);
        Take();
    }

    /// <summary>The criteria, in the order of a row.</summary>
    public static ReadOnlySpan<Criterion> All => Weights;

    /// <summary>Changes one node, until it is changed again.</summary>
    public void Change(int index, NodeLoad node)
    {
        (_cpuShares[index], _memoryShares[index]) = (node.CpuShare, node.MemoryShare);
        Take();
    }

    /// <summary>Writes the row of the cluster with one node imagined otherwise.</summary>
    /// <param name="index">The node.</param>
    /// <param name="imagined">What it would carry.</param>
    /// <param name="row">Gets <see cref="Count"/> values, none below 1.</param>
    public void Write(int index, NodeLoad imagined, Span<double> row)
    {
        var cpu = _cpu.With(index, imagined.CpuShare);
        var memory = _memory.With(index, imagined.MemoryShare);
        (row[0], row[1], row[2], row[3]) = (1 + cpu.Average, 1 + cpu.Highest, 1 + memory.Average, 1 + memory.Highest);
    }

    private void Take()
    {
        _cpu.Take(_cpuShares);
        _memory.Take(_memoryShares);
    }
}
