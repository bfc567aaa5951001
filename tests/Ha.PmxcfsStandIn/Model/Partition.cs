namespace Ha.PmxcfsStandIn.Model;

/// <summary>Nodes that hear each other, with the content they share.</summary>
/// <param name="nodes">All of its nodes, running or not.</param>
/// <param name="replica">The content.</param>
internal sealed class Partition(IReadOnlyList<StandInNode> nodes, Replica replica)
{
    public IReadOnlyList<StandInNode> Nodes => nodes;

    public Replica Replica => replica;

    public IEnumerable<StandInNode> Members => nodes.Where(n => n.IsUp);
}
