using System.Collections.Immutable;
using Ha.Cli.Parsing;
using Ha.Core.Config;
using Ha.Core.Model;
using Ha.Hosting;

namespace Ha.Cli.Commands;

/// <summary>Puts a resource under the stack's control.</summary>
internal static class AddCommand
{
    public static async Task<int> RunAsync(Session session, Invocation invocation, CancellationToken cancel)
    {
        await session.RequireQuorumAsync(cancel);
        var documents = await session.ReadResourcesAsync(cancel);
        var id = SidResolver.Resolve(invocation.Argument("sid"), documents.Inventory);
        if (invocation.Option("type") is { } type && type != id.Type)
            throw new ConfigException("types does not match");
        if (invocation.Option("group") is not null)
            LegacyGroups.RequireInUse(await LegacyGroups.ReadAsync(session, cancel));
        if (ResourceTypes.All.CheckId(id) is { } reason)
            throw new ConfigException(reason);
        if (documents.Resources.Document.Sections.ContainsKey(id.Value))
            throw new ConfigException($"create resource failed: resource ID '{id}' already defined");
        var values = ReadValues(invocation, ResourceTypes.All.Find(id.Type)!);
        var members = await session.ReadMembersAsync(cancel);
        var requested = ReadNode(invocation, members);
        NodeName Home(ImmutableSortedDictionary<ResourceId, NodeName> inventory) =>
            ResourceHome.Choose(id, inventory, members, requested, session.LocalNode);
        _ = Home(documents.Inventory);
        await session.Configuration.AddAsync(id, values, Home, cancel);
        return 0;
    }

    private static ImmutableSortedDictionary<string, string> ReadValues(Invocation invocation, ResourceType type)
    {
        var values = invocation.Options.RemoveRange(["type", "node"]).RemoveRange(CommandCatalog.GlobalOptions.Select(o => o.Name));
        CommandCatalog.RefuseForeign(invocation, values.Keys, type);
        var missing = type.Section.Required.Where(key => string.IsNullOrWhiteSpace(values.GetValueOrDefault(key))).ToList();
        if (missing.Count > 0)
            throw invocation.Refuse(missing.Select(key => (key, "property is missing and it is not optional")));
        return values.Values.Any(v => v.AsSpan().ContainsAny('\r', '\n')) ? throw new ConfigException("property contains a line feed") : values;
    }

    private static NodeName? ReadNode(Invocation invocation, IReadOnlyList<NodeName> members)
    {
        if (invocation.Option("node") is not { } text)
            return null;
        return NodeName.TryParse(text, out var node) && members.Contains(node) ? node : throw new ConfigException(ResourceHome.NoSuchNode(text, members));
    }
}
