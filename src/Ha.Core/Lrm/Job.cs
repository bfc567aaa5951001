using Ha.Core.Model;

namespace Ha.Core.Lrm;

/// <summary>One piece of work for one service.</summary>
/// <param name="Service">The service.</param>
/// <param name="Uid">The order it carries out; null for a stop of the node's own shutdown, whose result nobody waits for.</param>
/// <param name="Command">The state to bring about.</param>
/// <param name="Target">Where a move goes.</param>
/// <param name="Timeout">Seconds a stop may take, as the order gave it.</param>
public sealed record Job(ResourceId Service, string? Uid, ServiceState Command, NodeName? Target = null, string? Timeout = null)
{
    /// <summary>Whether it can never make a service run: it needs no lock. A node in maintenance looks after its stopped services without one.</summary>
    public bool IsHarmless => Command is ServiceState.Stopped or ServiceState.RequestStop or ServiceState.Error;
}
