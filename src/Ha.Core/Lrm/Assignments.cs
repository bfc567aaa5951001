using Ha.Core.Model;

namespace Ha.Core.Lrm;

/// <summary>What the manager status says about one node. Pure.</summary>
public static class Assignments
{
    /// <summary>Whether the node is to be fenced: it must not touch a service then.</summary>
    public static bool IsFenceRequested(ManagerStatus status, NodeName self)
    {
        ArgumentNullException.ThrowIfNull(status);
        return status.StateOf(self) == NodeState.Fence || status.Services.Values.Any(s => s.Node == self && s.State == ServiceState.Fence);
    }

    /// <summary>How many services are active on the node or bound for it; all but those that nothing is to be done for.</summary>
    public static int CountActive(ManagerStatus status, NodeName self)
    {
        ArgumentNullException.ThrowIfNull(status);
        return status.Services.Values.Count(s =>
            (s.Node == self || s.Target == self)
            && s.State is not (ServiceState.Stopped or ServiceState.Freeze or ServiceState.Error or ServiceState.RequestStart));
    }

    /// <summary>Whether any service belongs to the node, whatever its state.</summary>
    public static bool HasAny(ManagerStatus status, NodeName self)
    {
        ArgumentNullException.ThrowIfNull(status);
        return status.Services.Values.Any(s => s.Node == self);
    }

    /// <summary>The mode that requests put an LRM into; a mode of its own making stays. A node with moves to carry out is not ready to be
    /// disarmed: the manager waits for them, and would wait for ever for an LRM that has let go.</summary>
    public static LrmMode ModeFor(LrmMode mode, ManagerStatus status, NodeName self)
    {
        ArgumentNullException.ThrowIfNull(status);
        if (status.Requests.GetValueOrDefault(self) is { Maintenance: true })
            return LrmMode.Maintenance;
        if (status.Disarm is not null && !HasMoves(status, self))
            return LrmMode.Disarm;
        return mode is LrmMode.Maintenance or LrmMode.Disarm ? LrmMode.Active : mode;
    }

    private static bool HasMoves(ManagerStatus status, NodeName self) =>
        status.Services.Values.Any(s => s.Node == self && s.State is ServiceState.Migrate or ServiceState.Relocate);

    /// <summary>The jobs of a round: what each of the node's services is to be brought into.</summary>
    public static IEnumerable<Job> JobsOf(ManagerStatus status, NodeName self)
    {
        ArgumentNullException.ThrowIfNull(status);
        foreach (var (id, record) in status.Services)
        {
            // Recovery belongs to the manager, freeze means hands off, request_start is not decided yet, and fence is no work for a live node.
            if (record is { Uid: { } uid } && record.Node == self
                && record.State is not (ServiceState.Recovery or ServiceState.Freeze or ServiceState.RequestStart or ServiceState.Fence))
            {
                yield return new Job(id, uid, record.State, record.Target, record.Timeout);
            }
        }
    }
}
