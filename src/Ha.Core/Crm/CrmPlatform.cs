using Ha.Core.Config;
using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;
using Microsoft.Extensions.Logging;

namespace Ha.Core.Crm;

/// <summary>Everything a CRM needs of its surroundings.</summary>
public sealed record CrmPlatform
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

    /// <summary>The CRM's own connection to the watchdog multiplexer.</summary>
    public required IWatchdog Watchdog { get; init; }

    /// <summary>Who is told of fencing.</summary>
    public required INotifier Notifier { get; init; }

    /// <summary>The software versions of nodes; they matter only while legacy groups are migrated. Unknown unless given.</summary>
    public INodeVersions Versions { get; init; } = UnknownVersions.Instance;

    /// <summary>Ids of orders.</summary>
    public required IUidSource Uids { get; init; }

    /// <summary>The agents; the CRM only lets them remove left-over locks.</summary>
    public required AgentSet Agents { get; init; }

    /// <summary>Monotonic time for intervals, wall time for time stamps.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Pauses within a round.</summary>
    public required IPause Pause { get; init; }

    /// <summary>All intervals.</summary>
    public required TimingProfile Profile { get; init; }

    /// <summary>The log.</summary>
    public required ILogger Log { get; init; }

    /// <summary>What nodes have and guests use; null where nobody knows, so that only the basic scheduler is there.</summary>
    public IUsageStatistics? Statistics { get; init; }

    /// <summary>Runs the agents of hardware fence devices; null where there are none, so that only the lock and the watchdog count.</summary>
    public IFenceAgents? FenceAgents { get; init; }

    /// <summary>Whether it is proven that no earlier CRM of this node is alive (see <see cref="LockOptions.AdoptOwn"/>).</summary>
    public bool PredecessorGone { get; init; }
}
