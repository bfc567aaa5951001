using System.Collections.Immutable;
using Ha.Core.Model;
using Ha.Core.Stores;
using Ha.LocalCluster.Journals;

namespace Ha.LocalCluster.Observing;

/// <summary>All that can be seen of the cluster at one moment: what is stored, which processes live, what the services wrote.</summary>
public sealed record Observation
{
    /// <summary>When, since boot.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>What the master wrote last.</summary>
    public ManagerStatus Status { get; init; } = ManagerStatus.Empty;

    /// <summary>The manager lock; null before the store answered.</summary>
    public LockView? ManagerLock { get; init; }

    /// <summary>The nodes, sorted.</summary>
    public ImmutableSortedDictionary<NodeName, NodeSight> Nodes { get; init; } = ImmutableSortedDictionary<NodeName, NodeSight>.Empty;

    /// <summary>The runs of each service, as its journal tells.</summary>
    public ImmutableSortedDictionary<ResourceId, IReadOnlyList<ServiceRun>> Runs { get; init; } =
        ImmutableSortedDictionary<ResourceId, IReadOnlyList<ServiceRun>>.Empty;

    /// <summary>The node of the process that holds the manager lock; null if nobody holds it.</summary>
    public NodeName? Master => NodeOf(ManagerLock?.Holder);

    /// <summary>The node where a service is alive by its own account.</summary>
    /// <param name="service">The service.</param>
    /// <param name="patience">How old its last sign of life may be.</param>
    public NodeName? AliveOn(ResourceId service, TimeSpan patience) =>
        Runs.GetValueOrDefault(service) is [.., { IsStopped: false } run] && At - run.LastSeen <= patience && NodeName.TryParse(run.Node, out var node)
            ? node
            : null;

    /// <summary>The node in a lock's holder, such as <c>node1/crm</c>.</summary>
    public static NodeName? NodeOf(string? holder) => NodeName.TryParse(holder?.Split('/')[0], out var node) ? node : null;
}

/// <summary>One node at one moment.</summary>
/// <param name="HasPower">Its processes exist; false after a reset.</param>
/// <param name="IsFrozen">Its daemons were frozen and not reset since.</param>
/// <param name="IsOnline">It is announced as present.</param>
/// <param name="Lrm">What its LRM wrote last.</param>
/// <param name="AgentLock">Its own lock; null before the store answered.</param>
public sealed record NodeSight(bool HasPower, bool IsFrozen, bool IsOnline, LrmStatus Lrm, LockView? AgentLock);
