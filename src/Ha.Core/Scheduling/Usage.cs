using Ha.Core.Model;

namespace Ha.Core.Scheduling;

/// <summary>Which online nodes carry which services, within one round. Made anew in each round, kept up to date with each change of a service.</summary>
public abstract class Usage
{
    private readonly HashSet<NodeName> _online;

    /// <summary>A model without services.</summary>
    /// <param name="online">The online nodes; frozen for the round.</param>
    protected Usage(IEnumerable<NodeName> online)
    {
        Online = [.. online.Order()];
        _online = [.. Online];
    }

    /// <summary>The online nodes, sorted.</summary>
    public IReadOnlyList<NodeName> Online { get; }

    /// <summary>Whether a node was online when the model was made.</summary>
    public bool IsOnline(NodeName node) => _online.Contains(node);

    /// <summary>Places a service according to its record, instead of where it was.</summary>
    /// <param name="id">The service.</param>
    /// <param name="state">Its state, which says which of the nodes count.</param>
    /// <param name="node">Where it is.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="running">Whether its LRM has reported it running since it entered its state.</param>
    public abstract void Place(ResourceId id, ServiceState state, NodeName? node, NodeName? target, bool running = false);

    /// <summary>What placing a service on each online node would cost; lower is better. Valid until the next service is placed.</summary>
    public abstract Func<NodeName, double> CostsFor(ResourceId id);

    /// <summary>How unevenly the running services are spread; 0 where that is not known.</summary>
    public virtual double Imbalance => 0;

    /// <summary>Chooses the move that makes the load most even.</summary>
    /// <param name="movables">What may move, sorted by leader.</param>
    /// <param name="method"><c>bruteforce</c> or <c>topsis</c>; any other text chooses nothing.</param>
    /// <returns>Null: there is none. It need not be worth making.</returns>
    public virtual Motion? FindBestMove(IReadOnlyList<Movable> movables, string method) => null;
}
