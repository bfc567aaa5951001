using Ha.Core.Model;

namespace Ha.Simulator.Hardware;

/// <summary>Who is reachable. There is one partition: all nodes with power and network see each other, and without a majority nobody is online.</summary>
/// <param name="machines">All nodes.</param>
public sealed class ClusterNetwork(SortedList<NodeName, Machine> machines)
{
    /// <summary>Whether a majority of all nodes is online.</summary>
    public bool IsQuorate
    {
        get
        {
            var (members, online) = (0, 0);
            foreach (var machine in machines.Values.Where(m => m.IsMember))
            {
                members++;
                online += machine.IsOnline ? 1 : 0;
            }

            return online > members / 2;
        }
    }

    /// <summary>Whether a node belongs to the majority.</summary>
    public bool IsInMajority(Machine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        return machine is { IsOnline: true, IsMember: true } && IsQuorate;
    }

    /// <summary>The version of a node's management software; null if there is no such node.</summary>
    public string? VersionOf(NodeName node) => machines.GetValueOrDefault(node)?.Version;

    /// <summary>The cluster as a node sees it.</summary>
    public ClusterView ViewOf(Machine machine)
    {
        var quorate = IsQuorate;
        var nodes = new SortedList<NodeName, bool>(machines.Count);
        foreach (var (name, other) in machines.Where(m => m.Value.IsMember))
            nodes.Add(name, quorate && other.IsOnline);
        return new ClusterView(IsInMajority(machine), nodes);
    }
}
