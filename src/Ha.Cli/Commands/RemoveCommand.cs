using Ha.Cli.Parsing;
using Ha.Core.Config;

namespace Ha.Cli.Commands;

/// <summary>Takes a resource out of the stack's control; it is neither started nor stopped.</summary>
internal static class RemoveCommand
{
    public static async Task<int> RunAsync(Session session, Invocation invocation, CancellationToken cancel)
    {
        var documents = await session.ReadResourcesAsync(cancel);
        var id = SidResolver.Resolve(invocation.Argument("sid"), documents.Inventory);
        if (!documents.Resources.Document.Sections.ContainsKey(id.Value))
            throw new ConfigException($"cannot delete service '{id}', not HA managed!");
        await session.Configuration.RemoveAsync(id, purge: invocation.Option("purge") != "0", cancel);
        return 0;
    }
}
