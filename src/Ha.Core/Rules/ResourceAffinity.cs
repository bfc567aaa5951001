using Ha.Core.Model;

namespace Ha.Core.Rules;

/// <summary>Where the partners of a service are.</summary>
/// <param name="Together">How many partners to share a node with are on, or bound for, each node.</param>
/// <param name="Apart">Nodes that partners to avoid are on, or bound for.</param>
public sealed record ResourceAffinity(IReadOnlyDictionary<NodeName, int> Together, IReadOnlySet<NodeName> Apart)
{
    private static readonly ResourceAffinity Nobody = new(new Dictionary<NodeName, int>(), new HashSet<NodeName>());

    /// <summary>Looks at a service's partners.</summary>
    /// <param name="id">The service.</param>
    /// <param name="rules">The rules.</param>
    /// <param name="occupancy">The online nodes a partner is on and bound for; nulls where it occupies none or is unknown.</param>
    public static ResourceAffinity Of(ResourceId id, CompiledRules rules, Func<ResourceId, (NodeName? Current, NodeName? Target)> occupancy)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(occupancy);
        var friends = rules.Together.GetValueOrDefault(id);
        var foes = rules.Apart.GetValueOrDefault(id);
        if (friends is null && foes is null)
            return Nobody;
        var together = new Dictionary<NodeName, int>();
        foreach (var friend in friends ?? [])
        {
            // Only the target counts for a moving partner: partners would chase each other otherwise.
            var (current, target) = occupancy(friend);
            if ((target ?? current) is { } node)
                together[node] = together.GetValueOrDefault(node) + 1;
        }

        var apart = new HashSet<NodeName>();
        foreach (var foe in foes ?? [])
        {
            var (current, target) = occupancy(foe);
            if (current is { } from)
                apart.Add(from);
            if (target is { } to)
                apart.Add(to);
        }

        return new ResourceAffinity(together, apart);
    }

    /// <summary>Whether a service that would rather stay may stay on a node.</summary>
    public bool MayStayOn(NodeName node) => Together.ContainsKey(node) || !Apart.Contains(node);

    /// <summary>The candidates that remain: none that a partner to avoid is on; of the rest the one with most partners to join, if any has one.</summary>
    public IReadOnlyList<NodeName> Restrict(IReadOnlyList<NodeName> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        var left = Apart.Count == 0 ? candidates : candidates.Where(n => !Apart.Contains(n)).ToList();
        if (Together.Count == 0)
            return left;
        var joined = left.Where(Together.ContainsKey).ToList();
        return joined.Count == 0 ? left : [joined.OrderByDescending(n => Together[n]).ThenBy(n => n).First()];
    }
}
