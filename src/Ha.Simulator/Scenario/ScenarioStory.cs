using Ha.Core.Model;
using Ha.Simulator.Hardware;

namespace Ha.Simulator.Scenario;

/// <summary>A scenario folder, read and checked: the cluster at the start and what happens to it.</summary>
public sealed record ScenarioStory
{
    /// <summary>The folder's name.</summary>
    public required string Name { get; init; }

    /// <summary>The folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The batches of commands in order; batch <c>k</c> runs at the <c>k</c>-th command slot.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> Batches { get; init; }

    /// <summary>The machines at the start, by name.</summary>
    public required SortedList<NodeName, Machine> Machines { get; init; }

    /// <summary>The configured services at the start.</summary>
    public required ServiceTable Services { get; init; }

    /// <summary>The services that run on each node at the start.</summary>
    public required RunningServices Running { get; init; }

    /// <summary>What the services use.</summary>
    public required UsageStatistics Usage { get; init; }

    /// <summary>Cluster-wide settings.</summary>
    public required DatacenterSettings Datacenter { get; init; }

    /// <summary>The stored manager status; null if the folder has none.</summary>
    public byte[]? ManagerStatus { get; init; }

    /// <summary>The placement rules' text; null if the folder has none.</summary>
    public byte[]? Rules { get; init; }

    /// <summary>The legacy groups' text; null if the folder has none.</summary>
    public byte[]? Groups { get; init; }

    /// <summary>The fence devices' text; null if the folder has none. The simulated machines are not wired to any: what is said here
    /// is checked and stored, and no log depends on it.</summary>
    public byte[]? FenceDevices { get; init; }
}
