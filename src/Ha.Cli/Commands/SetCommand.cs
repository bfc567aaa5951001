using Ha.Cli.Parsing;
using Ha.Core.Config;

namespace Ha.Cli.Commands;

/// <summary>Changes what is wanted of a resource, or another of its properties.</summary>
internal static class SetCommand
{
    public static async Task<int> RunAsync(Session session, Invocation invocation, CancellationToken cancel)
    {
        var documents = await session.ReadResourcesAsync(cancel);
        var id = SidResolver.Resolve(invocation.Argument("sid"), documents.Inventory);
        if (invocation.Option("group") is { } group
            && LegacyGroups.RequireInUse(await LegacyGroups.ReadAsync(session, cancel)).Find(group) is null)
        {
            throw new ConfigException($"HA group '{group}' does not exist");
        }

        if (invocation.Option("state") != "disabled")
            ManagedGuard.RequireNoError(id, documents.Effective, await session.ReadManagerAsync(cancel));
        var values = invocation.Options.RemoveRange(["delete", "digest"]).RemoveRange(CommandCatalog.GlobalOptions.Select(o => o.Name));
        if (ResourceTypes.All.Find(id.Type) is { } type)
            CommandCatalog.RefuseForeign(invocation, values.Keys, type);
        var change = new ResourceChange
        {
            Values = values,
            Delete = [.. ValueList.Split(invocation.Option("delete") ?? "")],
            Digest = invocation.Option("digest"),
        };
        await session.Configuration.SetAsync(id, change, cancel);
        return 0;
    }
}
