using Ha.Backends.ZooKeeper.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.ZooKeeper;

/// <summary>Reads keys and lists prefixes.</summary>
internal sealed class ZooKeeperReader(ZooKeeperClient client)
{
    private static readonly IReadOnlySet<long> Nobody = new HashSet<long>();

    private ZooKeeperKeys Keys => client.Keys;

    public async Task<KvEntry?> GetAsync(StoreKey key, ReadLevel level, CancellationToken cancel) =>
        (await LookAsync([key], level == ReadLevel.Linearizable, $"reading '{key}'", client.Start(), cancel))[0].Entry;

    public async Task<KvListing> ListAsync(StoreKey prefix, ReadLevel level, CancellationToken cancel)
    {
        var deadline = client.Start();
        var what = $"listing '{prefix}'";
        var tree = await Subtree.LoadAsync(
            Keys,
            (barrier, data, children) => client.ReadAsync(() => new ReadRequest(barrier ? Keys.Store : null, data, children), what, deadline, cancel),
            prefix,
            barrier: level == ReadLevel.Linearizable,
            everyNames: false);
        var entries = new List<KvEntry>(tree.Nodes.Count);
        foreach (var (key, node) in tree.Nodes)
        {
            if (NodeView.Of(key, node, tree.Alive).Entry is { } entry)
                entries.Add(entry);
        }

        entries.Sort(static (a, b) => a.Key.CompareTo(b.Key));
        // Other clients may write between two of the requests, and a server applies the steps of a transaction one by one.
        return new KvListing(entries, tree.Zxid, Atomic: false);
    }

    /// <summary>Reads some keys with their nodes.</summary>
    public async Task<NodeView[]> LookAsync(IReadOnlyList<StoreKey> keys, bool barrier, string what, Deadline deadline, CancellationToken cancel)
    {
        var paths = new NodePath[keys.Count];
        for (var i = 0; i < paths.Length; i++)
            paths[i] = Keys.Of(keys[i]);
        var nodes = (await client.ReadAsync(() => new ReadRequest(barrier ? Keys.Store : null, paths, []), what, deadline, cancel)).Nodes;
        var alive = Nobody;
        // After the nodes: a session that is not there any more then will never be again.
        if (Array.Exists(nodes, n => n?.Content.Kind == ContentKind.Presence))
            alive = Subtree.Sessions((await client.ReadAsync(() => new ReadRequest(null, [], [Keys.Alive]), what, deadline, cancel)).Names[0]);
        var views = new NodeView[nodes.Length];
        for (var i = 0; i < views.Length; i++)
            views[i] = NodeView.Of(keys[i], nodes[i], alive);
        return views;
    }
}
