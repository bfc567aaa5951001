using Ha.Backends.ZooKeeper.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.ZooKeeper;

/// <summary>Asks one server for nodes and names, after a barrier or not.</summary>
internal delegate Task<ReadRequest> AskForNodes(bool barrier, IReadOnlyList<NodePath> data, IReadOnlyList<NodePath> children);

/// <summary>All nodes at and below a key, read level by level.</summary>
internal sealed class Subtree
{
    // Replies are read as they come, but a request for everything at once would make the server hold all of them.
    private const int AtOnce = 256;

    private static readonly IReadOnlySet<long> Nobody = new HashSet<long>();

    private readonly ZooKeeperKeys _keys;
    private readonly AskForNodes _ask;
    private readonly bool _everyNames;

    private Subtree(ZooKeeperKeys keys, AskForNodes ask, bool everyNames) => (_keys, _ask, _everyNames) = (keys, ask, everyNames);

    /// <summary>Where the store was when reading began.</summary>
    public ulong Zxid { get; private set; }

    /// <summary>The nodes; the one of the root is not among them.</summary>
    public Dictionary<StoreKey, NodeRead> Nodes { get; } = [];

    /// <summary>The announcing sessions, as of after the nodes were read; only looked at if a node is an announcement.</summary>
    public IReadOnlySet<long> Alive { get; private set; } = Nobody;

    /// <summary>Reads it.</summary>
    /// <param name="keys">Where nodes are.</param>
    /// <param name="ask">Asks for them.</param>
    /// <param name="prefix">The key.</param>
    /// <param name="barrier">Whether a barrier comes first.</param>
    /// <param name="everyNames">Whether to ask for the names below nodes that have none, too: to watch them.</param>
    public static async Task<Subtree> LoadAsync(ZooKeeperKeys keys, AskForNodes ask, StoreKey prefix, bool barrier, bool everyNames)
    {
        var tree = new Subtree(keys, ask, everyNames);
        await tree.LoadAsync(prefix, barrier);
        return tree;
    }

    /// <summary>The sessions whose nodes are there.</summary>
    public static IReadOnlySet<long> Sessions(string[] names)
    {
        var sessions = new HashSet<long>();
        foreach (var name in names)
        {
            if (ZooKeeperKeys.TryParseAlive(name, out var session))
                sessions.Add(session);
        }

        return sessions;
    }

    private async Task LoadAsync(StoreKey prefix, bool barrier)
    {
        var path = _keys.Of(prefix);
        var first = await _ask(barrier, [path], [path]);
        Zxid = first.Zxid;
        if (prefix != StoreKey.Root && first.Nodes[0] is { } own)
            Nodes[prefix] = own;
        var level = Below(prefix, first.Names[0]);
        while (level.Count > 0)
            level = await DescendAsync(level);
        if (!Nodes.Values.Any(n => n.Content.Kind == ContentKind.Presence))
            return;
        var alive = await _ask(false, [], [_keys.Alive]);
        Alive = Sessions(alive.Names[0]);
    }

    private async Task<List<StoreKey>> DescendAsync(List<StoreKey> level)
    {
        var parents = new List<StoreKey>();
        var next = new List<StoreKey>();
        foreach (var some in level.Chunk(AtOnce))
        {
            var answer = await _ask(false, [.. some.Select(_keys.Of)], []);
            for (var i = 0; i < some.Length; i++)
            {
                if (answer.Nodes[i] is not { } node)
                    continue; // It vanished meanwhile.
                Nodes[some[i]] = node;
                if (node.Stat.Children > 0 || _everyNames)
                    parents.Add(some[i]);
            }
        }

        foreach (var some in parents.Chunk(AtOnce))
        {
            var answer = await _ask(false, [], [.. some.Select(_keys.Of)]);
            for (var i = 0; i < some.Length; i++)
                next.AddRange(Below(some[i], answer.Names[i]));
        }

        return next;
    }

    private static List<StoreKey> Below(StoreKey parent, string[] names)
    {
        var below = new List<StoreKey>(names.Length);
        foreach (var name in names)
        {
            if (ZooKeeperKeys.TryChild(parent, name, out var key))
                below.Add(key);
        }

        return below;
    }
}
