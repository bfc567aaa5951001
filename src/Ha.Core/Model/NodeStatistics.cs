namespace Ha.Core.Model;

/// <summary>What a node has and what is in use there.</summary>
public sealed record NodeStatistics
{
    /// <summary>Cores; null if the node has not said. Fractions are dropped.</summary>
    public double? MaxCpu { get; init; }

    /// <summary>Bytes of memory; null if the node has not said.</summary>
    public ulong? MaxMemoryBytes { get; init; }

    /// <summary>Cores in use at the last sample.</summary>
    public double Cpu { get; init; }

    /// <summary>Bytes of memory in use at the last sample.</summary>
    public ulong MemoryBytes { get; init; }
}
