using System.Collections.Frozen;
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

    private FrozenDictionary<ResourceId, ServiceRules>? _byService;

    // A changed copy has an index of its own.
    private CompiledRules(CompiledRules original) => (NodeAffinity, Together, Apart) = (original.NodeAffinity, original.Together, original.Apart);

    /// <summary>The rules of a service. Sorted maps are for showing; ten thousand services are looked up in each round.</summary>
    public ServiceRules Of(ResourceId id) => (_byService ??= Index()).GetValueOrDefault(id) ?? ServiceRules.None;

    private FrozenDictionary<ResourceId, ServiceRules> Index()
    {
        // Services of one rule share its nodes.
        var nodes = new Dictionary<ImmutableSortedDictionary<NodeName, int>, FrozenDictionary<NodeName, int>>(ReferenceEqualityComparer.Instance);
        return NodeAffinity.Keys.Concat(Together.Keys).Concat(Apart.Keys).Distinct().ToFrozenDictionary(id => id, id => new ServiceRules(NodesOf(id), PartnersOf(Together, id), PartnersOf(Apart, id)));

        FrozenDictionary<NodeName, int>? NodesOf(ResourceId id)
        {
            if (!NodeAffinity.TryGetValue(id, out var priorities))
                return null;
            if (!nodes.TryGetValue(priorities, out var frozen))
                nodes[priorities] = frozen = priorities.ToFrozenDictionary();
            return frozen;
        }
    }

    private static ImmutableArray<ResourceId> PartnersOf(ImmutableSortedDictionary<ResourceId, ImmutableSortedSet<ResourceId>> partners, ResourceId id) =>
        partners.TryGetValue(id, out var others) ? [.. others] : [];
}
