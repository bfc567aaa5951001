using Ha.Backends.ZooKeeper.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.ZooKeeper;

/// <summary>What notifications said and nobody has read since. At most one mark a node, however many notifications there are.</summary>
/// <param name="keys">Where nodes are.</param>
/// <param name="wake">Called after each mark.</param>
internal sealed class DirtyNodes(ZooKeeperKeys keys, Action wake)
{
    private readonly Lock _gate = new();
    private HashSet<StoreKey> _nodes = [];
    private HashSet<StoreKey> _parents = [];
    private bool _sessions;

    /// <summary>What was marked.</summary>
    /// <param name="Nodes">Nodes to read.</param>
    /// <param name="Parents">Nodes to ask for the names below.</param>
    /// <param name="Sessions">Whether an announcing session came or went.</param>
    public sealed record Marks(StoreKey[] Nodes, StoreKey[] Parents, bool Sessions)
    {
        public bool IsEmpty => Nodes.Length == 0 && Parents.Length == 0 && !Sessions;
    }

    /// <summary>Takes a notification.</summary>
    public void Mark(WatchEvent notification)
    {
        lock (_gate)
        {
            if (keys.IsAlive(notification.Path))
                _sessions = true;
            else if (!keys.TryParse(notification.Path, out var key))
                return;
            else if (notification.Kind == WatchEventKind.ChildrenChanged)
                _parents.Add(key);
            else if (key != StoreKey.Root)
                _nodes.Add(key);
        }

        wake();
    }

    /// <summary>Takes the marks away.</summary>
    public Marks Take()
    {
        lock (_gate)
        {
            var marks = new Marks([.. _nodes], [.. _parents], _sessions);
            (_nodes, _parents, _sessions) = (_nodes.Count == 0 ? _nodes : [], _parents.Count == 0 ? _parents : [], false);
            return marks;
        }
    }
}
