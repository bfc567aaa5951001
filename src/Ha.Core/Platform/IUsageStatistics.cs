using Ha.Core.Model;

namespace Ha.Core.Platform;

/// <summary>Which statistics a scheduler works with.</summary>
public enum StatisticsKind
{
    /// <summary>Only which guests there are and where they run.</summary>
    Basic,

    /// <summary>What nodes have and what services are sized for.</summary>
    Static,

    /// <summary>In addition the last samples of what is in use.</summary>
    Dynamic,
}

/// <summary>What the nodes have and what the guests use. On Proxmox VE every node publishes it; elsewhere there may be nobody who knows.</summary>
public interface IUsageStatistics
{
    /// <summary>Whether guests are known that are not configured as resources. If not, nobody needs to ask for <see cref="StatisticsKind.Basic"/>.</summary>
    bool KnowsOtherGuests => true;

    /// <summary>Reads the statistics of all guests: the configured services, and those outside the stack's control if they are known.</summary>
    /// <param name="kind">Which figures must be filled in; <see cref="StatisticsKind.Basic"/>: none.</param>
    /// <param name="resources">The configured services, as the round has read them.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="PlatformException">They cannot be read; the message says why. The round then goes on with the basic scheduler.</exception>
    Task<IReadOnlyDictionary<ResourceId, ServiceStatistics>> ReadServicesAsync(StatisticsKind kind, ResourceSnapshot resources, CancellationToken cancel);

    /// <summary>Reads the statistics of all nodes, offline ones included.</summary>
    /// <param name="kind"><see cref="StatisticsKind.Static"/>, or <see cref="StatisticsKind.Dynamic"/> with the usage filled in.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="PlatformException">They cannot be read; the message says why. The round then goes on with the basic scheduler.</exception>
    Task<IReadOnlyDictionary<NodeName, NodeStatistics>> ReadNodesAsync(StatisticsKind kind, CancellationToken cancel);
}
