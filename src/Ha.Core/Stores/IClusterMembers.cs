using Ha.Core.Model;

namespace Ha.Core.Stores;

/// <summary>What a store also is if it declares <see cref="StoreCapabilities.Membership"/>: it knows itself who belongs to the cluster and who is online.</summary>
public interface IClusterMembers
{
    /// <summary>The members, and whether this node belongs to the majority. This node is online in any case.</summary>
    /// <param name="self">This node.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="StoreException">No answer.</exception>
    Task<ClusterView> ReadMembersAsync(NodeName self, CancellationToken cancel);

    /// <summary>What the cluster calls this node.</summary>
    /// <exception cref="StoreException">No answer.</exception>
    Task<string> ReadOwnNameAsync(CancellationToken cancel);
}
