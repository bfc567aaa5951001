using Ha.Core.Model;
using Microsoft.Extensions.Logging;

namespace Ha.Core.Platform;

/// <summary>One kind of resource: how to start, stop, probe and move it. Stateless.</summary>
/// <remarks>Each method returns only when its work has ended, and says little about success: the caller probes afterwards. Nothing here
/// looks at states of the stack.</remarks>
public interface IResourceAgent
{
    /// <summary>The type part of the ids it is responsible for.</summary>
    string Type { get; }

    /// <summary>Whether the resource runs on this node.</summary>
    /// <exception cref="PlatformException">Nobody can tell.</exception>
    Task<bool> IsRunningAsync(AgentCall call, CancellationToken cancel);

    /// <summary>Starts the resource.</summary>
    /// <exception cref="PlatformException">The start could not even be tried.</exception>
    Task StartAsync(AgentCall call, CancellationToken cancel);

    /// <summary>Stops the resource.</summary>
    /// <param name="call">Which resource.</param>
    /// <param name="timeout">How long it may take; zero: kill at once; null: the agent's default (60 seconds).</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="PlatformException">The stop could not even be tried.</exception>
    Task StopAsync(AgentCall call, TimeSpan? timeout, CancellationToken cancel);

    /// <summary>Moves the resource to another node, ownership included.</summary>
    /// <param name="call">Which resource.</param>
    /// <param name="target">Where to.</param>
    /// <param name="online">Without stopping it, if the kind can; otherwise it is stopped first.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>Whether the resource has left this node.</returns>
    /// <exception cref="PlatformException">The move could not even be tried.</exception>
    Task<bool> MigrateAsync(AgentCall call, NodeName target, bool online, CancellationToken cancel);

    /// <summary>Removes a lock that an interrupted operation left on a resource, so that it can be recovered.</summary>
    /// <param name="id">The resource.</param>
    /// <param name="node">The node that owns it.</param>
    /// <param name="locks">Names of locks that may be removed, in order; the first that is set is removed.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>The removed lock, or null.</returns>
    /// <exception cref="PlatformException">The resource cannot be read or written.</exception>
    Task<string?> RemoveLockAsync(ResourceId id, NodeName node, IReadOnlyList<string> locks, CancellationToken cancel);
}

/// <summary>One call of a resource agent.</summary>
/// <param name="Id">The resource.</param>
/// <param name="Settings">Its settings as read before the call.</param>
/// <param name="Node">The node we are on.</param>
/// <param name="Log">Where its lines and its commands' output go.</param>
public sealed record AgentCall(ResourceId Id, ResourceSettings Settings, NodeName Node, ILogger Log);
