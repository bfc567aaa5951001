using System.Collections.Immutable;
using Ha.Core.Model;
using Ha.Core.Rules;

namespace Ha.Core.Scheduling;

/// <summary>What a choice of a node prefers.</summary>
public enum NodePreference
{
    /// <summary>Stay if at all possible.</summary>
    None,

    /// <summary>The best node, wherever the service is.</summary>
    BestScore,

    /// <summary>A node that has not failed yet.</summary>
    TryNext,
}

/// <summary>The service a node is chosen for.</summary>
/// <param name="Id">The service.</param>
/// <param name="Node">Where it is.</param>
/// <param name="FailedNodes">Where it failed to start.</param>
/// <param name="MaintenanceNode">Where it wants to return to.</param>
/// <param name="Failback">Whether it moves to a node it prefers by itself.</param>
public sealed record PlacementRequest(ResourceId Id, NodeName? Node, ImmutableArray<NodeName> FailedNodes, NodeName? MaintenanceNode, bool Failback);

/// <summary>Chooses a node for a service: pure, ties broken by name.</summary>
public static class NodeSelector
{
    /// <summary>Chooses.</summary>
    /// <param name="request">The service.</param>
    /// <param name="preference">What to prefer.</param>
    /// <param name="rules">The placement rules.</param>
    /// <param name="usage">The online nodes and their load.</param>
    /// <param name="occupancy">The online nodes another service is on and bound for.</param>
    /// <returns>The node; null if there is none.</returns>
    public static NodeName? Select(
        PlacementRequest request, NodePreference preference, CompiledRules rules, Usage usage, Func<ResourceId, (NodeName? Current, NodeName? Target)> occupancy)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(usage);
        var (allowed, candidates) = NodeAffinity.Of(request.Id, rules, usage.Online);
        if (candidates.Count == 0)
            return null;
        var affinity = ResourceAffinity.Of(request.Id, rules, occupancy);
        if (preference == NodePreference.None && !request.Failback && request.Node is { } here && allowed.Contains(here) && affinity.MayStayOn(here))
            return here;
        if (preference == NodePreference.TryNext)
            candidates = candidates.Where(n => !request.FailedNodes.Contains(n)).ToList();
        // Most visits end here, of each service in each round: one look-up instead of searches and lists.
        if (preference == NodePreference.None && request is { MaintenanceNode: null, Node: { } stays } && affinity.Together.Count == 0
            && IsAmong(stays, candidates, usage) && !affinity.Apart.Contains(stays))
        {
            return stays;
        }

        candidates = affinity.Restrict(candidates, n => IsAmong(n, candidates, usage));
        if (request.MaintenanceNode is { } home && candidates.Contains(home))
            return home;
        if (preference == NodePreference.None && request.Node is { } current && IsAmong(current, candidates, usage))
            return current;
        return Best(request, preference, usage, candidates);
    }

    // Without rules the candidates are all online nodes.
    private static bool IsAmong(NodeName node, IReadOnlyList<NodeName> candidates, Usage usage) =>
        ReferenceEquals(candidates, usage.Online) ? usage.IsOnline(node) : candidates.Contains(node);

    private static NodeName? Best(PlacementRequest request, NodePreference preference, Usage usage, IReadOnlyList<NodeName> candidates)
    {
        if (candidates.Count <= 1)
            return candidates.Count == 0 ? null : candidates[0];
        var ranked = candidates.OrderBy(usage.CostsFor(request.Id)).ThenBy(n => n).ToList();
        if (preference == NodePreference.TryNext && request.Node is { } node && ranked.IndexOf(node) is >= 0 and var index && index < ranked.Count - 1)
            return ranked[index + 1];
        return ranked[0];
    }
}
