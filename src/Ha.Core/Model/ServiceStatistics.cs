namespace Ha.Core.Model;

/// <summary>Where a service or another guest is, what it is sized for and what it uses.</summary>
/// <remarks>A number nobody knows is null, which is not the same as 0: a service sized for 0 cores may use all of its node's.</remarks>
public sealed record ServiceStatistics
{
    /// <summary>The node it is on; null if nobody knows it.</summary>
    public NodeName? Node { get; init; }

    /// <summary>Whether it is in state <c>started</c>. Only such a guest loads its node if the stack does not look after it.</summary>
    public bool IsStarted { get; init; }

    /// <summary>Whether it runs.</summary>
    public bool Running { get; init; }

    /// <summary>Cores it may use, fractions allowed; 0: as many as its node has.</summary>
    public double? MaxCpu { get; init; }

    /// <summary>Bytes of memory it may use.</summary>
    public ulong? MaxMemoryBytes { get; init; }

    /// <summary>Cores in use at the last sample.</summary>
    public double? Cpu { get; init; }

    /// <summary>Bytes of memory in use at the last sample.</summary>
    public ulong? MemoryBytes { get; init; }
}
