using Ha.Core.Model;

namespace Ha.Core.Scheduling;

/// <summary>A bundle about to leave its node, in numbers. Nodes are named by their place among the online ones.</summary>
/// <param name="Leader">The bundle's leader.</param>
/// <param name="Source">The node it is on.</param>
/// <param name="Cpu">The cores its members use.</param>
/// <param name="Memory">The bytes its members use.</param>
/// <param name="Targets">The nodes it may go to, ascending.</param>
internal readonly record struct Departure(ResourceId Leader, int Source, double Cpu, ulong Memory, int[] Targets);

/// <summary>All moves there are to choose from, in the order in which equals are preferred: by leader, then by target.</summary>
/// <param name="nodes">The online nodes, sorted.</param>
/// <param name="all">The departures, by leader.</param>
internal sealed class Departures(IReadOnlyList<NodeName> nodes, IReadOnlyList<Departure> all)
{
    public IReadOnlyList<Departure> All => all;

    /// <summary>How many moves there are.</summary>
    public int MoveCount => all.Sum(d => d.Targets.Length);

    /// <summary>Checks the bundles against what has been placed.</summary>
    /// <returns>Null if one does not fit; then nothing is certain about the others either.</returns>
    public static Departures? TryMake(
        IReadOnlyList<Movable> movables, IReadOnlyList<NodeName> online, IReadOnlyDictionary<ResourceId, PlacedService> placed, out string? error)
    {
        error = null;
        var indices = new Dictionary<NodeName, int>();
        for (var i = 0; i < online.Count; i++)
            indices[online[i]] = i;
        var departures = new List<Departure>(movables.Count);
        foreach (var (bundle, targets) in movables)
        {
            if (!placed.TryGetValue(bundle.Leader, out var leader))
                error = $"leader '{bundle.Leader}' is not present in the cluster usage";
            else if (leader.Target is not null)
                error = $"leader '{bundle.Leader}' is non-stationary";
            var (cpu, memory) = error is null ? Sum(bundle, leader.Current, placed, out error) : default;
            if (error is not null)
                return null;
            departures.Add(new Departure(bundle.Leader, indices[leader.Current], cpu, memory, [.. targets.Select(t => indices[t])]));
        }

        return new Departures(online, departures);
    }

    /// <summary>The move of one departure to one target.</summary>
    public Motion MotionOf(Departure departure, int target, double imbalance) => new(departure.Leader, nodes[target], imbalance);

    private static (double Cpu, ulong Memory) Sum(Bundle bundle, NodeName node, IReadOnlyDictionary<ResourceId, PlacedService> placed, out string? error)
    {
        error = null;
        var (cpu, memory) = (0.0, 0UL);
        foreach (var member in bundle.Members)
        {
            if (!placed.TryGetValue(member, out var service))
                error = $"resource '{member}' is not present in the cluster usage";
            else if (service.Target is not null)
                error = $"resource '{member}' is non-stationary";
            else if (service.Current != node)
                error = $"resource '{member}' is on other node than leader";
            if (error is not null)
                break;
            cpu += service.Load.Cpu;
            memory += service.Load.Memory;
        }

        return (cpu, memory);
    }
}
