using Ha.Core.Model;

namespace Ha.Core.Scheduling;

/// <summary>Which online nodes a service occupies.</summary>
/// <param name="Current">The node it is on, if online and counted.</param>
/// <param name="Target">The node it goes to, if online and counted.</param>
public readonly record struct Occupancy(NodeName? Current, NodeName? Target)
{
    /// <summary>What a service in a state occupies.</summary>
    public static Occupancy Of(ServiceState state, NodeName? node, NodeName? target, Func<NodeName, bool> isOnline)
    {
        ArgumentNullException.ThrowIfNull(isOnline);
        return state switch
        {
            ServiceState.Stopped or ServiceState.RequestStart => default,
            ServiceState.RequestStartBalance => new(null, Online(target)),
            ServiceState.Migrate or ServiceState.Relocate => new(Online(node), Online(target)),
            ServiceState.Started or ServiceState.RequestStop or ServiceState.Fence or ServiceState.Freeze or ServiceState.Error or ServiceState.Recovery =>
                new(Online(node), null),
        };

        NodeName? Online(NodeName? name) => name is { } given && isOnline(given) ? given : null;
    }
}
