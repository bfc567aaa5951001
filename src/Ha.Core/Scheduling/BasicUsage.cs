using System.Runtime.InteropServices;
using Ha.Core.Model;

namespace Ha.Core.Scheduling;

/// <summary>The basic scheduler: a node costs as much as it carries services.</summary>
public sealed class BasicUsage : Usage
{
    private readonly Dictionary<NodeName, int> _counts;
    private readonly Dictionary<ResourceId, Occupancy> _placed = [];
    private readonly Func<NodeName, bool> _isOnline;

    /// <summary>A model without services.</summary>
    /// <param name="online">The online nodes.</param>
    public BasicUsage(IEnumerable<NodeName> online)
        : base(online)
    {
        _counts = Online.ToDictionary(n => n, _ => 0);
        _isOnline = IsOnline;
    }

    /// <summary>How many services a node carries; a moving service counts on both its nodes.</summary>
    public int CountOn(NodeName node) => _counts.GetValueOrDefault(node);

    /// <inheritdoc/>
    public override Func<NodeName, double> CostsFor(ResourceId id) => n => CountOn(n);

    /// <inheritdoc/>
    public override void Place(ResourceId id, ServiceState state, NodeName? node, NodeName? target, bool running = false)
    {
        var now = Occupancy.Of(state, node, target, _isOnline);
        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_placed, id, out var isPlaced);
        if (isPlaced)
            Count(place, -1);
        place = now;
        Count(now, +1);
    }

    private void Count(Occupancy place, int change)
    {
        if (place.Current is { } current)
            CollectionsMarshal.GetValueRefOrNullRef(_counts, current) += change;
        if (place.Target is { } target && target != place.Current)
            CollectionsMarshal.GetValueRefOrNullRef(_counts, target) += change;
    }
}
