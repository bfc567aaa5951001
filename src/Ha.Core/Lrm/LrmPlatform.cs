using Ha.Core.Config;
using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;
using Microsoft.Extensions.Logging;

namespace Ha.Core.Lrm;

/// <summary>Everything an LRM needs of its surroundings.</summary>
public sealed record LrmPlatform
{
    /// <summary>The node it runs on.</summary>
    public required NodeName Self { get; init; }

    /// <summary>The store, as this node sees it.</summary>
    public required ILockingKvStore Store { get; init; }

    /// <summary>Parsed documents shared with other daemons of the same store and thread; null: none are shared.</summary>
    public DocumentCache? Documents { get; init; }

    /// <summary>Who is in the cluster.</summary>
    public required IMembership Membership { get; init; }

    /// <summary>What is configured and where it lives.</summary>
    public required IResourceRegistry Resources { get; init; }

    /// <summary>Cluster-wide settings.</summary>
    public required IClusterSettings Settings { get; init; }

    /// <summary>The LRM's own connection to the watchdog multiplexer.</summary>
    public required IWatchdog Watchdog { get; init; }

    /// <summary>Whether the machine is going down.</summary>
    public required IHostStatus Host { get; init; }

    /// <summary>The agents that start, stop and move resources.</summary>
    public required AgentSet Agents { get; init; }

    /// <summary>Monotonic time for intervals, wall time for time stamps.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Pauses within a round.</summary>
    public required IPause Pause { get; init; }

    /// <summary>All intervals.</summary>
    public required TimingProfile Profile { get; init; }

    /// <summary>The log.</summary>
    public required ILogger Log { get; init; }

    /// <summary>Whether it is proven that no earlier LRM of this node is alive (see <see cref="LockOptions.AdoptOwn"/>).</summary>
    public bool PredecessorGone { get; init; }

    /// <summary>How many jobs may run at once, each beside the rounds; 0: within the round, one after the other (simulation). Null: as many as the
    /// cluster-wide settings say, which are read again whenever a job waits; 4 if they say nothing.</summary>
    public int? MaxWorkers { get; init; }

    /// <summary>What all LRMs of one process share.</summary>
    public required LrmProcess Process { get; init; }
}

/// <summary>What all LRM objects of one process share.</summary>
public sealed class LrmProcess
{
    /// <summary>Whether an LRM of this process has written its status once. Until then an LRM does nothing else.</summary>
    public bool StatusWritten { get; set; }
}
