using System.Collections.Immutable;
using Ha.Core.Config;
using Ha.Core.Model;

namespace Ha.Hosting;

/// <summary>Decides where a resource that is being added lives. Pure.</summary>
public static class ResourceHome
{
    /// <summary>Chooses the node.</summary>
    /// <param name="id">The resource.</param>
    /// <param name="inventory">Where resources live, or lived when they were last configured.</param>
    /// <param name="members">The nodes of the cluster.</param>
    /// <param name="requested">The node the administrator names, or null.</param>
    /// <param name="local">The name of this machine; it need not be a member.</param>
    /// <exception cref="ConfigException">There is no such node, or none to choose, or the resource may still run elsewhere.</exception>
    public static NodeName Choose(
        ResourceId id, ImmutableSortedDictionary<ResourceId, NodeName> inventory, IReadOnlyList<NodeName> members, NodeName? requested, NodeName local)
    {
        ArgumentNullException.ThrowIfNull(inventory);
        ArgumentNullException.ThrowIfNull(members);
        CheckKind(id, inventory);
        if (requested is { } node && !members.Contains(node))
            throw new ConfigException(NoSuchNode(node.Value, members));

        // It may still run where it was: starting it elsewhere would run it twice.
        if (inventory.TryGetValue(id, out var last) && members.Contains(last))
        {
            return requested is null || requested == last
                ? last
                : throw new ConfigException($"resource '{id}' lives on node '{last}': add it with --node {last}, then migrate it to '{requested}'");
        }

        if (requested is { } chosen)
            return chosen;
        return members.Contains(local)
            ? local
            : throw new ConfigException($"nobody says where '{id}' lives, and this machine ('{local}') is no cluster node: pass --node <node>{Among(members)}");
    }

    /// <summary>The refusal of a node that is no member.</summary>
    public static string NoSuchNode(string node, IReadOnlyList<NodeName> members) => $"no such cluster node '{node}'{Among(members)}";

    private static string Among(IReadOnlyList<NodeName> members) =>
        members.Count == 0 ? " (no node has joined yet: start ha-node on it first)" : $" (nodes: {string.Join(", ", members)})";

    private static void CheckKind(ResourceId id, ImmutableSortedDictionary<ResourceId, NodeName> inventory)
    {
        var (other, kind) = id.Type switch
        {
            "vm" => ("ct", "VM"),
            "ct" => ("vm", "container"),
            _ => ("", ""),
        };
        if (other.Length > 0 && inventory.ContainsKey(ResourceId.Parse($"{other}:{id.Name}")))
            throw new ConfigException($"resource '{id}' - guest with ID {id.Name} is not a {kind}");
    }
}
