using System.Collections.Immutable;
using Ha.Core.Model;
using Ha.Core.Rules;

namespace Ha.Core.Scheduling;

/// <summary>Started services that rules keep together and so move together.</summary>
/// <param name="Node">The node all of them are on.</param>
/// <param name="Members">The services, sorted; the first one is the leader.</param>
public sealed record Bundle(NodeName Node, ImmutableArray<ResourceId> Members)
{
    /// <summary>The service that the bundle is known by.</summary>
    public ResourceId Leader => Members[0];

    /// <summary>Finds all bundles that stand still; a service without partners is a bundle of its own.</summary>
    /// <param name="services">All services.</param>
    /// <param name="rules">The placement rules.</param>
    /// <returns>Sorted by leader. A service is in none if it is not started, if one of its partners is moving, or if they are on several nodes.</returns>
    public static IReadOnlyList<Bundle> FindAll(SortedList<ResourceId, ServiceRecord> services, CompiledRules rules)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(rules);
        var bundles = new SortedList<ResourceId, Bundle>();
        var bundled = new HashSet<ResourceId>();
        foreach (var (id, record) in services)
        {
            // Every member of a bundle would find it again.
            if (record is not { State: ServiceState.Started, Node: { } node } || bundled.Contains(id))
                continue;
            if (MembersOf(id, node, rules.Of(id).Together, services) is not { } members)
                continue;
            bundles[members[0]] = new Bundle(node, members);
            if (members.Length > 1)
                bundled.UnionWith(members);
        }

        return bundles.Values.AsReadOnly();
    }

    private static ImmutableArray<ResourceId>? MembersOf(
        ResourceId id, NodeName node, ImmutableArray<ResourceId> partners, SortedList<ResourceId, ServiceRecord> services)
    {
        if (partners.IsEmpty)
            return [id];
        var members = new List<ResourceId> { id };
        foreach (var partner in partners)
        {
            var record = services.GetValueOrDefault(partner);
            if (record?.State is ServiceState.Migrate or ServiceState.Relocate)
                return null;
            if (record?.State == ServiceState.Started)
                members.Add(partner);
        }

        members.Sort();
        return members.TrueForAll(m => services[m].Node == node) ? [.. members] : null;
    }
}
