namespace Ha.Core.Model;

/// <summary>Cluster-wide settings that the daemons read anew in each round.</summary>
/// <param name="ShutdownPolicy">What happens to services when a node shuts down: <c>conditional</c>, <c>freeze</c>, <c>failover</c>,
/// <c>migrate</c>; any other text is reported and treated as <c>conditional</c>. Null if not set.</param>
/// <param name="SchedulerMode">The configured scheduler: <c>basic</c> unless set; <c>static</c> or <c>dynamic</c>; any other text is reported and
/// treated as <c>basic</c>.</param>
/// <param name="RebalanceOnStart">Whether a starting service may first move to a better node.</param>
public sealed record DatacenterSettings(string? ShutdownPolicy = null, string SchedulerMode = "basic", bool RebalanceOnStart = false)
{
    /// <summary>The settings of an empty document.</summary>
    public static DatacenterSettings Default { get; } = new();

    /// <summary>What may be used to fence a node besides its own watchdog: <c>watchdog</c> (nothing), the default; <c>hardware</c> or
    /// <c>both</c> (the fence devices; the watchdog protects the node in any case).</summary>
    public string FencingMode { get; init; } = "watchdog";

    /// <summary>How many services an LRM works on at once; 1 or more, null if not set.</summary>
    public int? MaxWorkers { get; init; }

    /// <summary>How running services are kept balanced.</summary>
    public AutoRebalanceSettings AutoRebalance { get; init; } = AutoRebalanceSettings.Off;
}
