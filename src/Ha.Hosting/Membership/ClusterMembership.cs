using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;

namespace Ha.Hosting.Membership;

/// <summary>The members as a store knows them that is itself part of the cluster's software.</summary>
/// <param name="members">The store.</param>
/// <param name="self">This node.</param>
public sealed class ClusterMembership(IClusterMembers members, NodeName self) : IMembership
{
    /// <summary>There is nothing to refresh: each reading asks the store.</summary>
    public Task<bool> RefreshAsync(CancellationToken cancel) => Task.FromResult(true);

    /// <inheritdoc/>
    public async Task<ClusterView> ReadAsync(CancellationToken cancel)
    {
        try
        {
            return await members.ReadMembersAsync(self, cancel);
        }
        catch (Exception e) when (e is StoreException or OperationCanceledException)
        {
            return new ClusterView(false, new SortedList<NodeName, bool> { [self] = true });
        }
    }
}
