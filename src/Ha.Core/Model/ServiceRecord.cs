using System.Collections.Immutable;

namespace Ha.Core.Model;

/// <summary>What the manager remembers of one service: the entry of the service in the manager status. Immutable.</summary>
/// <remarks><see cref="Uid"/> names one order to an LRM ("bring the service into this state"); a result counts only under the current uid.</remarks>
public sealed record ServiceRecord
{
    /// <summary>The state the service is in, and so what its LRM is asked to do.</summary>
    public required ServiceState State { get; init; }

    /// <summary>The node the service is on; null only in a damaged document.</summary>
    public NodeName? Node { get; init; }

    /// <summary>The current order's id; null is tolerated in inherited documents.</summary>
    public string? Uid { get; init; }

    /// <summary>Where a moving service goes.</summary>
    public NodeName? Target { get; init; }

    /// <summary>Seconds a stop may take, as the command gave it (a text); 0 means stop at once.</summary>
    public string? Timeout { get; init; }

    /// <summary>A queued command: its word and its argument (a node, or seconds).</summary>
    public QueuedCommand? Command { get; init; }

    /// <summary>Whether the LRM has reported the service running since it entered its state.</summary>
    public bool Running { get; init; }

    /// <summary>The nodes where a start failed, in order, duplicates possible; null when none is remembered.</summary>
    public ImmutableArray<NodeName>? FailedNodes { get; init; }

    /// <summary>The node the service left because of maintenance, to return to.</summary>
    public NodeName? MaintenanceNode { get; init; }

    /// <summary>Keys of the stored entry that this version does not know, as JSON text by key; kept until the next transition.</summary>
    public ImmutableSortedDictionary<string, string>? Unknown { get; init; }
}

/// <summary>A command that waits in a service's record for its next visit.</summary>
/// <param name="Word"><c>migrate</c>, <c>relocate</c> or <c>stop</c>.</param>
/// <param name="Argument">The target node, or the time-out in seconds.</param>
public sealed record QueuedCommand(string Word, string Argument);
