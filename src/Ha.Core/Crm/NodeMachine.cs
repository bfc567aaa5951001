using Ha.Core.Model;

namespace Ha.Core.Crm;

/// <summary>What is known of a node when its state is updated.</summary>
/// <param name="IsMember">Whether the cluster lists it.</param>
/// <param name="IsOnline">Whether it belongs to the quorate partition.</param>
/// <param name="Mode">What its LRM last announced.</param>
/// <param name="IsForgettable">Whether it has been away so long that it may be forgotten.</param>
public readonly record struct NodeReport(bool IsMember, bool IsOnline, LrmMode Mode, bool IsForgettable);

/// <summary>The life of one node, but for fencing, which alone leads into and out of <see cref="NodeState.Fence"/>. Pure.</summary>
public static class NodeMachine
{
    /// <summary>The next state, at most one step a round; null to stay.</summary>
    /// <param name="state">The present state; a node without entry is unknown.</param>
    /// <param name="report">What is known.</param>
    public static NodeState? Next(NodeState state, NodeReport report) => state switch
    {
        NodeState.Online => report switch
        {
            { IsOnline: true, Mode: LrmMode.Maintenance } => NodeState.Maintenance,
            { IsOnline: false } => NodeState.Unknown,
            _ => null,
        },
        NodeState.Maintenance => report switch
        {
            { Mode: LrmMode.Maintenance } => null, // An offline node keeps it as long as its last word says so.
            { IsOnline: true } => NodeState.Online,
            _ => NodeState.Unknown,
        },
        NodeState.Unknown => report switch
        {
            { IsOnline: true } => NodeState.Online,
            { IsMember: false } => NodeState.Gone,
            _ => null,
        },
        NodeState.Gone => report.IsOnline ? NodeState.Online : null,
        NodeState.Fence => null,
    };

    /// <summary>Whether the node's entry is to be deleted.</summary>
    public static bool IsForgotten(NodeState state, NodeReport report) =>
        state == NodeState.Gone && report is { IsOnline: false, IsForgettable: true };
}
