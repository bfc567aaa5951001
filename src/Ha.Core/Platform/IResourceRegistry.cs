using Ha.Core.Model;

namespace Ha.Core.Platform;

/// <summary>What resources are configured and where they live. On Proxmox VE the guest inventory says where; elsewhere we store it.</summary>
public interface IResourceRegistry
{
    /// <summary>Reads all effective settings.</summary>
    /// <exception cref="PlatformException">They cannot be read; the message says why.</exception>
    Task<ResourceSnapshot> ReadAsync(CancellationToken cancel);

    /// <summary>Changes what is wanted of a resource, as the <c>stop</c> command does.</summary>
    /// <exception cref="PlatformException">No such resource, or it cannot be written.</exception>
    Task SetWantedAsync(ResourceId id, WantedState state, CancellationToken cancel);

    /// <summary>Makes another node the owner of a resource: after a move, and when the manager recovers a fenced node's resource.</summary>
    /// <param name="id">The resource.</param>
    /// <param name="from">The node that must own it now.</param>
    /// <param name="to">The new owner.</param>
    /// <param name="cancel">Ends the wait; whether it moved is then unknown.</param>
    /// <exception cref="PlatformException">It is not owned by <paramref name="from"/>, or it cannot be written.</exception>
    Task MoveAsync(ResourceId id, NodeName from, NodeName to, CancellationToken cancel);

    /// <summary>Removes the legacy group from some resources, when groups become rules.</summary>
    /// <param name="failback">The resources, each with what its group said about failback: a no is written down, a yes is the default.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="PlatformException">No such resource, or it cannot be written; nothing is changed.</exception>
    Task LeaveGroupsAsync(IReadOnlyDictionary<ResourceId, bool> failback, CancellationToken cancel) =>
        failback.Count == 0 ? Task.CompletedTask : throw new PlatformException("resources of this cluster have no groups");
}
