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
        var own = rules.Of(id);
        if (own.Together.IsEmpty && own.Apart.IsEmpty)
            return Nobody;
        var together = new Dictionary<NodeName, int>();
        foreach (var friend in own.Together)
        {
            // Only the target counts for a moving partner: partners would chase each other otherwise.
            var (current, target) = occupancy(friend);
            if ((target ?? current) is { } node)
                together[node] = together.GetValueOrDefault(node) + 1;
        }

        var apart = new HashSet<NodeName>();
        foreach (var foe in own.Apart)
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
    /// <param name="candidates">The nodes that may be chosen, sorted.</param>
    /// <param name="isCandidate">Whether a node is one of them.</param>
    public IReadOnlyList<NodeName> Restrict(IReadOnlyList<NodeName> candidates, Func<NodeName, bool> isCandidate)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(isCandidate);
        if (Meeting(isCandidate) is { } node)
            return [node];
        return Apart.Count == 0 ? candidates : candidates.Where(n => !Apart.Contains(n)).ToList();
    }

    // Partners are on few nodes: these are looked at, not all candidates.
    private NodeName? Meeting(Func<NodeName, bool> isCandidate)
    {
        NodeName? best = null;
        foreach (var (node, count) in Together)
        {
            if (Apart.Contains(node) || !isCandidate(node))
                continue;
            if (best is null || count > Together[best] || (count == Together[best] && node < best))
                best = node;
        }

        return best;
    }
}
