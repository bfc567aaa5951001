using Ha.Core.Model;
using Ha.Core.Rules;

namespace Ha.Core.Scheduling;

/// <summary>A bundle and the nodes it may be moved to for balance.</summary>
/// <param name="Bundle">The bundle.</param>
/// <param name="Targets">The nodes, sorted; at least one, and not the one it is on.</param>
public sealed record Movable(Bundle Bundle, IReadOnlyList<NodeName> Targets)
{
    /// <summary>Finds the bundles that rules let move somewhere.</summary>
    /// <param name="bundles">The bundles that stand still.</param>
    /// <param name="rules">The placement rules. Those of a bundle's leader speak for all its members.</param>
    /// <param name="online">The online nodes, sorted.</param>
    /// <param name="occupancy">The online nodes a service is on and bound for.</param>
    public static IReadOnlyList<Movable> FindAll(
        IReadOnlyList<Bundle> bundles, CompiledRules rules, IReadOnlyList<NodeName> online, Func<ResourceId, (NodeName? Current, NodeName? Target)> occupancy)
    {
        ArgumentNullException.ThrowIfNull(bundles);
        var movables = new List<Movable>(bundles.Count);
        foreach (var bundle in bundles)
        {
            var preferred = NodeAffinity.Of(bundle.Leader, rules, online).Preferred;
            var apart = ResourceAffinity.Of(bundle.Leader, rules, occupancy).Apart;
            var targets = new List<NodeName>(preferred.Count);
            foreach (var node in preferred)
            {
                if (node != bundle.Node && !apart.Contains(node))
                    targets.Add(node);
            }

            if (targets.Count > 0)
                movables.Add(new Movable(bundle, targets));
        }

        return movables;
    }
}

/// <summary>A move that is worth making.</summary>
/// <param name="Leader">The leader of the bundle that moves.</param>
/// <param name="Target">Where it goes.</param>
/// <param name="ExpectedImbalance">The imbalance after the move, cut off after the 15th decimal place.</param>
public sealed record Motion(ResourceId Leader, NodeName Target, double ExpectedImbalance);
