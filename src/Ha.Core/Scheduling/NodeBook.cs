using Ha.Core.Model;

namespace Ha.Core.Scheduling;

/// <summary>The services that weigh on one node.</summary>
/// <param name="load">What the node carries without them.</param>
internal sealed class NodeBook(NodeLoad load)
{
    private readonly SortedList<ResourceId, ServiceLoad> _services = [];
    private NodeLoad? _sum;

    /// <summary>What the node carries without them.</summary>
    public NodeLoad Base => load;

    /// <summary>What it carries with all of them, each at its full size; added up in their order, so that no removal leaves a trace.</summary>
    public NodeLoad WithPlaced
    {
        get
        {
            if (_sum is { } known)
                return known;
            var sum = load;
            foreach (var service in _services.Values)
                sum = sum.WithPlaced(service);
            _sum = sum;
            return sum;
        }
    }

    public void Add(ResourceId id, ServiceLoad service)
    {
        _services[id] = service;
        _sum = null;
    }

    public void Remove(ResourceId id)
    {
        if (_services.Remove(id))
            _sum = null;
    }
}

/// <summary>A service that has been placed.</summary>
/// <param name="Current">Where it weighs.</param>
/// <param name="Target">Where it weighs too because it goes there.</param>
/// <param name="Load">What it weighs.</param>
internal readonly record struct PlacedService(NodeName Current, NodeName? Target, ServiceLoad Load)
{
    public IEnumerable<NodeName> Nodes => Target is { } target ? [Current, target] : [Current];
}
