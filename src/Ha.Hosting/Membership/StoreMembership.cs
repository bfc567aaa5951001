using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;

namespace Ha.Hosting.Membership;

/// <summary>The cluster's members as the store knows them. A member is a node with a member document; it is online while one of its daemons'
/// presence is announced, this node too; the store is quorate if it answers a linearizable read in time.</summary>
/// <param name="store">The store.</param>
/// <param name="self">This node.</param>
/// <param name="time">Counts the time limit.</param>
/// <param name="limit">How long an answer may take.</param>
public sealed class StoreMembership(IKeyValueStore store, NodeName self, TimeProvider time, TimeSpan limit) : IMembership
{
    /// <summary>There is nothing to refresh: each reading is linearizable.</summary>
    public Task<bool> RefreshAsync(CancellationToken cancel) => Task.FromResult(true);

    /// <inheritdoc/>
    public async Task<ClusterView> ReadAsync(CancellationToken cancel)
    {
        using var inTime = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(inTime.Token, cancel);
        try
        {
            var listing = await store.ListAsync(DocumentKeys.Nodes, ReadLevel.Linearizable, either.Token);
            return ViewOf(listing.Entries, self);
        }
        catch (Exception e) when (e is StoreException or OperationCanceledException)
        {
            return new ClusterView(false, new SortedList<NodeName, bool> { [self] = false });
        }
    }

    /// <summary>The view that a listing of <see cref="DocumentKeys.Nodes"/> gives. This node is a member in any case.</summary>
    public static ClusterView ViewOf(IEnumerable<KvEntry> entries, NodeName self)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var members = new SortedSet<NodeName> { self };
        var online = new HashSet<NodeName>();
        foreach (var entry in entries)
        {
            var segments = entry.Key.Value.Split('/');
            if (segments.Length < 3 || !NodeName.TryParse(segments[1], out var node))
                continue;
            if (segments is [_, _, "member"])
                members.Add(node);
            else if (segments[2] == "presence")
                online.Add(node);
        }

        return new ClusterView(true, new SortedList<NodeName, bool>(members.ToDictionary(n => n, online.Contains)));
    }
}
