using Ha.Core.Model;

namespace Ha.Hosting.Statistics;

/// <summary>What a node publishes about itself.</summary>
public sealed record NodeUsage
{
    /// <summary>Its cores.</summary>
    public required double MaxCpu { get; init; }

    /// <summary>Its bytes of memory.</summary>
    public required ulong MaxMemoryBytes { get; init; }

    /// <summary>Cores in use; null: not sampled.</summary>
    public double? Cpu { get; init; }

    /// <summary>Bytes of memory in use, without what the kernel gives back when asked; null: not sampled.</summary>
    public ulong? MemoryBytes { get; init; }

    /// <summary>Load average over a minute, for people; null if unknown.</summary>
    public double? Load { get; init; }

    /// <summary>Share of the last ten seconds, in percent, in which some task waited for <c>cpu</c>, <c>io</c> or <c>memory</c>, for people;
    /// empty where the kernel does not say.</summary>
    public IReadOnlyDictionary<string, double> Pressure { get; init; } = new SortedList<string, double>(StringComparer.Ordinal);

    /// <summary>What processes of services use that are known to run here.</summary>
    public IReadOnlyDictionary<ResourceId, ServiceUsage> Services { get; init; } = new SortedList<ResourceId, ServiceUsage>();

    /// <summary>When it was taken: seconds since 1970 on the node's wall clock, for people only.</summary>
    public long? Timestamp { get; init; }

    /// <summary>Whether it was sampled, rather than only sized.</summary>
    public bool IsSampled => Cpu is not null && MemoryBytes is not null;
}

/// <summary>What the processes of one service use.</summary>
/// <param name="Cpu">Cores in use.</param>
/// <param name="MemoryBytes">Bytes of memory in use.</param>
public readonly record struct ServiceUsage(double Cpu, ulong MemoryBytes);
