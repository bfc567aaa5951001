using Ha.Core.Model;

namespace Ha.Core.Scheduling;

/// <summary>How load is measured: by what services are sized for, or by samples.</summary>
public sealed class LoadMode
{
    private LoadMode(string name, bool usesSamples) => (Name, UsesSamples) = (name, usesSamples);

    /// <summary>A service weighs what it is sized for.</summary>
    public static LoadMode Static { get; } = new("static", usesSamples: false);

    /// <summary>Nodes weigh what was sampled, and a starting service, which no sample shows yet, what it is sized for.</summary>
    public static LoadMode Dynamic { get; } = new("dynamic", usesSamples: true);

    /// <summary>The word of the settings and of messages.</summary>
    public string Name { get; }

    /// <summary>Whether samples are used.</summary>
    public bool UsesSamples { get; }

    /// <summary>What a node carries without its services.</summary>
    /// <param name="node">The node.</param>
    /// <param name="statistics">Its statistics; null if there are none.</param>
    /// <param name="error">What is missing; null if nothing is.</param>
    public NodeLoad LoadOf(NodeName node, NodeStatistics? statistics, out string? error)
    {
        // A capacity of zero would make every share infinite: nobody knows it.
        var maxCpu = Math.Truncate(statistics?.MaxCpu ?? 0);
        var maxMemory = statistics?.MaxMemoryBytes ?? 0;
        error = statistics is null ? $"did not get {Name} node usage information for '{node}'"
            : !(maxCpu > 0) ? $"{Name} node usage information for '{node}' missing cpu count"
            : maxMemory == 0 ? $"{Name} node usage information for '{node}' missing memory"
            : null;
        return UsesSamples && statistics is not null
            ? new NodeLoad(statistics.Cpu, maxCpu, statistics.MemoryBytes, maxMemory)
            : new NodeLoad(0, maxCpu, 0, maxMemory);
    }

    /// <summary>What a service weighs.</summary>
    /// <param name="id">The service.</param>
    /// <param name="statistics">Its statistics; null if there are none.</param>
    /// <param name="error">What is missing; null if nothing is.</param>
    public ServiceLoad LoadOf(ResourceId id, ServiceStatistics? statistics, out string? error)
    {
        error = statistics is null ? $"did not get {Name} service usage information for '{id}'"
            : UsesSamples && statistics.Cpu is null ? "missing field cpu"
            : UsesSamples && statistics.MemoryBytes is null ? "missing field mem"
            : statistics.MaxCpu is null ? "missing field maxcpu"
            : statistics.MaxMemoryBytes is null ? "missing field maxmem"
            : null;
        if (statistics is null || error is not null)
            return default;
        var (maxCpu, maxMemory) = (statistics.MaxCpu ?? 0, statistics.MaxMemoryBytes ?? 0);
        return UsesSamples ? new ServiceLoad(statistics.Cpu ?? 0, statistics.MemoryBytes ?? 0, maxCpu, maxMemory) : new ServiceLoad(maxCpu, maxMemory, maxCpu, maxMemory);
    }
}
