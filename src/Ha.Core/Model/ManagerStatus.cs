using System.Collections.Immutable;

namespace Ha.Core.Model;

/// <summary>The document the master writes at the end of every complete round, and everybody else reads.</summary>
public sealed record ManagerStatus
{
    /// <summary>What a missing or empty document reads as.</summary>
    public static ManagerStatus Empty { get; } = new();

    /// <summary>The node of the master that wrote it.</summary>
    public NodeName? MasterNode { get; init; }

    /// <summary>When it was written: seconds since 1970 on the master's wall clock, for display only.</summary>
    public long? Timestamp { get; init; }

    /// <summary>What the master believes of each node.</summary>
    public IReadOnlyDictionary<NodeName, NodeState> Nodes { get; init; } = ImmutableSortedDictionary<NodeName, NodeState>.Empty;

    /// <summary>The service records, sorted by id.</summary>
    public SortedList<ResourceId, ServiceRecord> Services { get; init; } = [];

    /// <summary>Requests of administrators per node; a withdrawn request leaves an entry that asks for nothing.</summary>
    public ImmutableSortedDictionary<NodeName, NodeRequest> Requests { get; init; } = ImmutableSortedDictionary<NodeName, NodeRequest>.Empty;

    /// <summary>Present while the stack is being disarmed or is disarmed.</summary>
    public Disarm? Disarm { get; init; }

    /// <summary>The state of a node; unknown for one without entry.</summary>
    public NodeState StateOf(NodeName node) => Nodes.TryGetValue(node, out var state) ? state : NodeState.Unknown;
}

/// <summary>What an administrator asks of a node.</summary>
/// <param name="Maintenance">Move all services away and keep the node empty.</param>
public sealed record NodeRequest(bool Maintenance);

/// <summary>A disarmed, or disarming, stack.</summary>
/// <param name="Mode"><c>freeze</c>: services stay as they are; <c>ignore</c>: as if nothing were managed. Any other text is kept and refused.</param>
/// <param name="State"><c>disarming</c> or <c>disarmed</c>.</param>
public sealed record Disarm(string Mode, string State)
{
    /// <summary>Whether every LRM has let go.</summary>
    public bool IsComplete => State == "disarmed";
}
