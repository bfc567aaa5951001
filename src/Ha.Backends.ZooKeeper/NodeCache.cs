using Ha.Backends.ZooKeeper.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.ZooKeeper;

/// <summary>What a watcher has last read, and what that changed.</summary>
internal sealed class NodeCache
{
    private readonly Dictionary<StoreKey, Cached> _nodes = [];
    private IReadOnlySet<long> _alive = new HashSet<long>();

    private sealed record Cached(NodeRead Node, KvEntry? Entry, ulong Told);

    /// <summary>Whether a node is known.</summary>
    public bool Has(StoreKey key) => _nodes.ContainsKey(key);

    /// <summary>Whether a node read by the caller is an announcement of a session that is not known to be alive.</summary>
    public bool IsUnknown(NodeRead? node) => node?.Content is { Kind: ContentKind.Presence } content && !_alive.Contains(content.Session);

    /// <summary>Forgets everything and takes a whole tree.</summary>
    public void Replace(Subtree tree)
    {
        _nodes.Clear();
        _alive = tree.Alive;
        foreach (var (key, node) in tree.Nodes)
            Take(key, node);
    }

    /// <summary>Takes a node as it was read; null: it is not there.</summary>
    /// <returns>What that changed for those who watch keys; null: nothing.</returns>
    public WatchItem.Changed? Take(StoreKey key, NodeRead? node)
    {
        var before = _nodes.GetValueOrDefault(key);
        var now = NodeView.Of(key, node, _alive).Entry;
        // An end that no write of the key has caused comes after what was told last, and before whatever is written next.
        var sequence = node is not null && node.Stat.ModifiedZxid > (before?.Told ?? 0) ? node.Stat.ModifiedZxid : (before?.Told ?? 0) + 1;
        var isSame = before?.Entry?.Revision == now?.Revision;
        if (node is null)
            _nodes.Remove(key);
        else
            _nodes[key] = new Cached(node, now, isSame && before is not null ? before.Told : sequence);
        return isSame ? null : new WatchItem.Changed(key, now, sequence);
    }

    /// <summary>Takes the announcing sessions that are alive.</summary>
    /// <returns>The announcements that ended or began with that.</returns>
    public List<WatchItem.Changed> TakeSessions(IReadOnlySet<long> alive)
    {
        _alive = alive;
        var changes = new List<WatchItem.Changed>();
        foreach (var (key, cached) in _nodes.Where(n => n.Value.Node.Content.Kind == ContentKind.Presence).ToList())
        {
            if (Take(key, cached.Node) is { } change)
                changes.Add(change);
        }

        return changes;
    }

    /// <summary>The entries at and below a prefix.</summary>
    public KvListing List(StoreKey prefix, ulong sequence)
    {
        var entries = new List<KvEntry>();
        foreach (var (key, cached) in _nodes)
        {
            if (cached.Entry is { } entry && key.IsUnder(prefix))
                entries.Add(entry);
        }

        entries.Sort(static (a, b) => a.Key.CompareTo(b.Key));
        return new KvListing(entries, sequence, Atomic: false);
    }
}
