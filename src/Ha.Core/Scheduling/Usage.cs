using Ha.Core.Model;

namespace Ha.Core.Scheduling;

/// <summary>Which online nodes carry which services, within one round. The basic scheduler's score is the number of services on a node.</summary>
public sealed class Usage
{
    private readonly Dictionary<NodeName, int> _counts;
    private readonly Dictionary<ResourceId, Occupancy> _placed = [];

    /// <summary>An empty model.</summary>
    /// <param name="online">The online nodes; frozen for the round.</param>
    public Usage(IEnumerable<NodeName> online)
    {
        Online = [.. online.Order()];
        _counts = Online.ToDictionary(n => n, _ => 0);
    }

    /// <summary>The online nodes, sorted.</summary>
    public IReadOnlyList<NodeName> Online { get; }

    /// <summary>Whether a node was online when the model was made.</summary>
    public bool IsOnline(NodeName node) => _counts.ContainsKey(node);

    /// <summary>How many services a node carries; a moving service counts on both its nodes. Fewer is better.</summary>
    public int Score(NodeName node) => _counts.GetValueOrDefault(node);

    /// <summary>Places a service according to its record, instead of where it was.</summary>
    public void Place(ResourceId id, ServiceState state, NodeName? node, NodeName? target)
    {
        if (_placed.Remove(id, out var before))
            Count(before, -1);
        var now = Occupancy.Of(state, node, target, IsOnline);
        _placed[id] = now;
        Count(now, +1);
    }

    private void Count(Occupancy place, int change)
    {
        if (place.Current is { } current)
            _counts[current] += change;
        if (place.Target is { } target && target != place.Current)
            _counts[target] += change;
    }
}
