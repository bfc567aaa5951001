using Ha.Backends.ZooKeeper.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.ZooKeeper;

/// <summary>A key as its node and the announcing sessions show it.</summary>
/// <param name="Node">The node; null: there is none.</param>
/// <param name="Entry">The key; null: it does not exist, though its node may.</param>
internal readonly record struct NodeView(NodeRead? Node, KvEntry? Entry)
{
    /// <summary>What a node means while some sessions are alive.</summary>
    public static NodeView Of(StoreKey key, NodeRead? node, IReadOnlySet<long> alive) => new(node, EntryOf(key, node, alive));

    /// <summary>A node's version as a revision. Nodes of keys are never deleted, so none comes twice; an announcement's carries its session as well,
    /// whose end leaves the version as it is.</summary>
    public static StoreRevision Revision(long session, int version) => new((ulong)session, (uint)version);

    private static KvEntry? EntryOf(StoreKey key, NodeRead? node, IReadOnlySet<long> alive)
    {
        if (node is null || node.Content.Kind == ContentKind.Absent || (node.Content.Kind == ContentKind.Presence && !alive.Contains(node.Content.Session)))
            return null;
        return new KvEntry(key, node.Content.Value, Revision(node.Content.Session, node.Stat.Version));
    }
}
