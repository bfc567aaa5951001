using Ha.Backends.ZooKeeper.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.ZooKeeper;

/// <summary>Follows all nodes of the store over one connection: reads everything once, then what notifications say.</summary>
/// <remarks>Servers from 3.6 tell of everything below a node by one lasting watch. Older ones tell once of each node that was read with the wish to be
/// told, so there every reading renews it. Neither tells of what happened before: a new connection begins with reading everything.</remarks>
/// <param name="connection">The connection.</param>
/// <param name="place">The store.</param>
/// <param name="cache">What was read; filled here.</param>
/// <param name="dirty">What notifications said.</param>
/// <param name="isLasting">Whether the server knows lasting watches.</param>
/// <param name="time">Counts deadlines.</param>
/// <param name="end">Ends every wait.</param>
internal sealed class NodeFollower(
    ZkConnection connection, ZooKeeperPlace place, NodeCache cache, DirtyNodes dirty, bool isLasting, TimeProvider time, CancellationToken end)
{
    private static readonly IReadOnlyList<NodePath> Nothing = [];

    private ZooKeeperKeys Keys => place.Keys;

    /// <summary>Reads everything.</summary>
    /// <returns>Where the store was.</returns>
    public async Task<ulong> LoadAsync()
    {
        dirty.Take();
        var tree = await Subtree.LoadAsync(Keys, AskAsync, StoreKey.Root, barrier: true, everyNames: !isLasting);
        cache.Replace(tree);
        // Watched from here on where watches do not last, and read after the nodes in any case.
        var sessions = await AskAsync(false, Nothing, [Keys.Alive]);
        cache.TakeSessions(Subtree.Sessions(sessions.Names[0]));
        return tree.Zxid;
    }

    /// <summary>Reads what is marked as changed now.</summary>
    /// <param name="tell">Hears each change.</param>
    public async Task CatchUpAsync(Action<WatchItem.Changed> tell)
    {
        var marks = dirty.Take();
        if (!marks.IsEmpty)
            await ReadAsync(marks, tell);
    }

    /// <summary>Proves that everything told is the store's state, and tells what was missing to that.</summary>
    /// <returns>Where the store was when asked.</returns>
    public async Task<ulong> ProveAsync(Action<WatchItem.Changed> tell)
    {
        // Notifications of all that came before the barrier are here before its answer.
        var proof = await AskAsync(true, Nothing, Nothing);
        await CatchUpAsync(tell);
        return proof.Zxid;
    }

    private async Task ReadAsync(DirtyNodes.Marks marks, Action<WatchItem.Changed> tell)
    {
        foreach (var parent in marks.Parents)
            await ReadNewAsync(parent, tell);
        if (marks.Nodes.Length == 0 && !marks.Sessions)
            return;
        var answer = await AskAsync(false, [.. marks.Nodes.Select(Keys.Of)], marks.Sessions ? [Keys.Alive] : Nothing);
        var sessions = marks.Sessions ? answer.Names[0] : null;
        if (sessions is null && Array.Exists(answer.Nodes, cache.IsUnknown))
            sessions = (await AskAsync(false, Nothing, [Keys.Alive])).Names[0];
        if (sessions is not null)
        {
            foreach (var change in cache.TakeSessions(Subtree.Sessions(sessions)))
                tell(change);
        }

        for (var i = 0; i < marks.Nodes.Length; i++)
        {
            if (cache.Take(marks.Nodes[i], answer.Nodes[i]) is { } change)
                tell(change);
        }
    }

    // Where watches do not last: new nodes show only as names below their parents.
    private async Task ReadNewAsync(StoreKey parent, Action<WatchItem.Changed> tell)
    {
        var answer = await AskAsync(false, Nothing, [Keys.Of(parent)]);
        foreach (var name in answer.Names[0])
        {
            if (!ZooKeeperKeys.TryChild(parent, name, out var key) || cache.Has(key))
                continue;
            var tree = await Subtree.LoadAsync(Keys, AskAsync, key, barrier: false, everyNames: !isLasting);
            foreach (var (at, node) in tree.Nodes)
            {
                if (cache.IsUnknown(node))
                    cache.TakeSessions(tree.Alive).ForEach(tell);
                if (cache.Take(at, node) is { } change)
                    tell(change);
            }
        }
    }

    private async Task<ReadRequest> AskAsync(bool barrier, IReadOnlyList<NodePath> data, IReadOnlyList<NodePath> children)
    {
        var request = new ReadRequest(barrier ? Keys.Store : null, data, children, watch: !isLasting);
        var floor = place.Zxid;
        connection.Post(request);
        try
        {
            await request.Done.WaitAsync(place.Options.Timeout, time, end);
        }
        catch (TimeoutException)
        {
            connection.Close($"no answer within {place.Options.Timeout.TotalSeconds:0.#} s");
            throw new ConnectionLostException($"{connection.Endpoint} did not answer within {place.Options.Timeout.TotalSeconds:0.#} s", wasSent: true);
        }

        if (request.BarrierError == ZkError.NoNode)
            throw place.Vanished();
        if (request.BarrierError != ZkError.Ok)
            throw ZooKeeperErrors.Refused(request.BarrierError, "watching", connection.Endpoint, isWrite: false);
        if (request.Refusal is { } refusal)
            throw ZooKeeperErrors.Refused(refusal.Error, $"watching {refusal.Path}", connection.Endpoint, isWrite: false);
        if (barrier)
            place.Saw(request.Zxid, floor);
        return request;
    }
}
