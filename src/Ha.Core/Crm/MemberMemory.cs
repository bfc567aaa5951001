using Ha.Core.Model;

namespace Ha.Core.Crm;

/// <summary>When each node was last seen online, on this process's monotonic clock.</summary>
public sealed class MemberMemory
{
    private readonly Dictionary<NodeName, TimeSpan> _lastOnline = [];

    /// <summary>Remembers the nodes that are online now.</summary>
    public void Note(ClusterView view, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(view);
        foreach (var (node, isOnline) in view.Nodes)
        {
            if (isOnline)
                _lastOnline[node] = now;
        }
    }

    /// <summary>Whether a node has been away for a while. The first question about a node never seen starts its clock.</summary>
    public bool IsAwayFor(NodeName node, TimeSpan now, TimeSpan delay)
    {
        if (_lastOnline.TryGetValue(node, out var seen))
            return now - seen >= delay;
        _lastOnline[node] = now;
        return false;
    }

    /// <summary>Forgets a node.</summary>
    public void Forget(NodeName node) => _lastOnline.Remove(node);
}
