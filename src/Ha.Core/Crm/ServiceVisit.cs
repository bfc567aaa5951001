using System.Collections.Immutable;
using Ha.Core.Model;
using Ha.Core.Scheduling;

namespace Ha.Core.Crm;

/// <summary>What the manager knows about nodes while it visits services.</summary>
public interface INodeFacts
{
    /// <summary>The node's state.</summary>
    NodeState StateOf(NodeName node);

    /// <summary>Whether the node has been offline for the fence delay. The first question about an unseen node starts its clock.</summary>
    bool IsOfflineForLong(NodeName node);
}

/// <summary>One look at one service: what is known, and what it decides with it. <see cref="Record"/> follows the steps already carried out.</summary>
public sealed class ServiceVisit
{
    /// <summary>The service.</summary>
    public required ResourceId Id { get; init; }

    /// <summary>The record as it is now.</summary>
    public required ServiceRecord Record { get; set; }

    /// <summary>What is wanted; disabled for a service that is not configured.</summary>
    public required WantedState Wanted { get; init; }

    /// <summary>Where the configuration places the service; null if nowhere.</summary>
    public NodeName? ConfiguredNode { get; init; }

    /// <summary>How many moves after failed starts are allowed.</summary>
    public int MaxRelocate { get; init; } = 1;

    /// <summary>The LRM's result for the order that was current when the visit began; null if there is none.</summary>
    public JobResult? Result { get; init; }

    /// <summary>Whether a starting service may move to a better node first.</summary>
    public bool RebalanceOnStart { get; init; }

    /// <summary>The nodes.</summary>
    public required INodeFacts Nodes { get; init; }

    /// <summary>Chooses a node for the service as it is now; null: none.</summary>
    public required Func<NodePreference, NodeName?> Select { get; init; }

    /// <summary>The node of the record.</summary>
    /// <exception cref="Platform.PlatformException">The stored record names none.</exception>
    public NodeName Node => Record.Node ?? throw new Platform.PlatformException($"service '{Id}' without assigned node!");

    /// <summary>Running if that is wanted, else to be stopped: where moves and recoveries end.</summary>
    public ServiceState StopOrStart => Wanted == WantedState.Started ? ServiceState.Started : ServiceState.RequestStop;

    /// <summary>The nodes where starts failed.</summary>
    public ImmutableArray<NodeName> FailedNodes => Record.FailedNodes ?? [];
}
