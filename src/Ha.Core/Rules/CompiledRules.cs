using System.Collections.Immutable;
using Ha.Core.Model;

namespace Ha.Core.Rules;

/// <summary>Placement rules in the form that choosing a node needs.</summary>
/// <param name="NodeAffinity">Per service the nodes it may use, with priorities; higher is preferred. No entry: any node.</param>
/// <param name="Together">Per service the services it wants to share a node with.</param>
/// <param name="Apart">Per service the services it must not share a node with.</param>
public sealed record CompiledRules(
    ImmutableSortedDictionary<ResourceId, ImmutableSortedDictionary<NodeName, int>> NodeAffinity,
    ImmutableSortedDictionary<ResourceId, ImmutableSortedSet<ResourceId>> Together,
    ImmutableSortedDictionary<ResourceId, ImmutableSortedSet<ResourceId>> Apart)
{
    /// <summary>No rules.</summary>
    public static CompiledRules None { get; } = new(
        ImmutableSortedDictionary<ResourceId, ImmutableSortedDictionary<NodeName, int>>.Empty,
        ImmutableSortedDictionary<ResourceId, ImmutableSortedSet<ResourceId>>.Empty,
        ImmutableSortedDictionary<ResourceId, ImmutableSortedSet<ResourceId>>.Empty);
}
