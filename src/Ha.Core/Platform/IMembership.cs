using Ha.Core.Model;

namespace Ha.Core.Platform;

/// <summary>Who is in the cluster, as this node sees it.</summary>
public interface IMembership
{
    /// <summary>Refreshes the view at the start of a round.</summary>
    /// <returns>False if the store answers but the view may be inconsistent; the round is then skipped. Never throws.</returns>
    Task<bool> RefreshAsync(CancellationToken cancel);

    /// <summary>The members and whether this node belongs to the majority. Never throws: a store that does not answer reads as "not quorate".</summary>
    Task<ClusterView> ReadAsync(CancellationToken cancel);
}
