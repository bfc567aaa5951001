using Ha.Core.Model;

namespace Ha.Simulator.Hardware;

/// <summary>The hardware of one node.</summary>
/// <param name="name">The node.</param>
public sealed class Machine(NodeName name)
{
    /// <summary>Too old for the migration of groups.</summary>
    public const string DefaultVersion = "9.0.0~2";

    /// <summary>The fault of a node whose watchdog cannot be opened.</summary>
    public const string WatchdogFault = "watchdog";

    /// <summary>The fault of a node whose releases of locks get no answer.</summary>
    public const string ReleaseFault = "release";

    /// <summary>The cores of a machine that the scenario does not describe.</summary>
    public const double DefaultCores = 24;

    /// <summary>The memory of a machine that the scenario does not describe.</summary>
    public const double DefaultMemoryBytes = 137438953472;

    /// <summary>The node.</summary>
    public NodeName Name => name;

    /// <summary>Whether it has power.</summary>
    public bool PowerOn { get; set; }

    /// <summary>Whether it has network.</summary>
    public bool NetworkOn { get; set; }

    /// <summary>The shutdown that is under way: <c>shutdown</c>, <c>reboot</c>, or null.</summary>
    public string? Shutdown { get; set; }

    /// <summary>Whether the node's daemons can read and write shared documents.</summary>
    public bool DocumentsWork { get; set; } = true;

    /// <summary>Whether the node's daemons can refresh their view of the cluster.</summary>
    public bool UpdatesWork { get; set; } = true;

    /// <summary>Whether it belongs to the cluster; one that does not is no node of it, online or not.</summary>
    public bool IsMember { get; set; } = true;

    /// <summary>What a story has broken for the node's daemons besides the cluster file system: documents by name, <see cref="WatchdogFault"/>,
    /// <see cref="ReleaseFault"/>.</summary>
    public SortedSet<string> Faults { get; } = new(StringComparer.Ordinal);

    /// <summary>The version of the management software.</summary>
    public string Version { get; set; } = DefaultVersion;

    /// <summary>Cores; null if the scenario does not say.</summary>
    public double? Cores { get; init; }

    /// <summary>Memory in bytes; null if the scenario does not say.</summary>
    public double? MemoryBytes { get; init; }

    /// <summary>Whether the other nodes can reach it.</summary>
    public bool IsOnline => PowerOn && NetworkOn;
}
