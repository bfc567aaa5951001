using System.Collections.Immutable;
using Ha.Core.Model;

namespace Ha.Core.Rules;

/// <summary>Who has a say when a service is moved by hand: the same for the master that decides and for those who want to know before. Pure.</summary>
public static class MovePartners
{
    /// <summary>The known services that want to share a node with a service, sorted.</summary>
    public static IEnumerable<ResourceId> Friends(ResourceId id, CompiledRules rules, IReadOnlyDictionary<ResourceId, ServiceRecord> services)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return Known(rules.Together, id, services);
    }

    /// <summary>The services that keep a service from a node, sorted: those to avoid that are there and are not on their way to or from it.</summary>
    public static IEnumerable<ResourceId> Blocking(
        ResourceId id, NodeName target, CompiledRules rules, IReadOnlyDictionary<ResourceId, ServiceRecord> services)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return Known(rules.Apart, id, services)
            .Where(foe => (services[foe].Node ?? target) == target && (services[foe].Target ?? target) == target);
    }

    private static IEnumerable<ResourceId> Known(
        ImmutableSortedDictionary<ResourceId, ImmutableSortedSet<ResourceId>> partners, ResourceId id, IReadOnlyDictionary<ResourceId, ServiceRecord> services) =>
        partners.TryGetValue(id, out var all) ? all.Where(services.ContainsKey) : [];
}
