using Ha.Cli.Parsing;
using Ha.Core.Config;

namespace Ha.Cli.Commands;

/// <summary>Lists and changes the legacy groups, as long as there are any.</summary>
internal static class GroupCommands
{
    /// <summary>Lists the groups as they are stored.</summary>
    public static async Task<int> ConfigAsync(Session session, Invocation invocation, CancellationToken cancel)
    {
        foreach (var (id, section) in (await ReadInUseAsync(session, "index groups", cancel)).Valid)
        {
            session.Console.Out.WriteLine($"group: {id}");
            foreach (var (key, value) in section.Values)
                session.Console.Out.WriteLine($"\t{key} {value}");
            session.Console.Out.WriteLine();
        }

        return 0;
    }

    /// <summary>Adds a group.</summary>
    public static async Task<int> AddAsync(Session session, Invocation invocation, CancellationToken cancel)
    {
        await session.RequireQuorumAsync(cancel);
        await ReadInUseAsync(session, "create group", cancel);
        await session.Groups.AddAsync(invocation.Argument("group"), invocation.Options.RemoveRange(["type", .. NoProperties]), cancel);
        return 0;
    }

    /// <summary>Changes a group.</summary>
    public static async Task<int> SetAsync(Session session, Invocation invocation, CancellationToken cancel)
    {
        await ReadInUseAsync(session, "update group", cancel);
        var change = new ResourceChange
        {
            Values = invocation.Options.RemoveRange(["delete", "digest", .. NoProperties]),
            Delete = [.. ValueList.Split(invocation.Option("delete") ?? "")],
            Digest = invocation.Option("digest"),
        };
        await session.Groups.SetAsync(invocation.Argument("group"), change, cancel);
        return 0;
    }

    /// <summary>Removes a group.</summary>
    public static async Task<int> RemoveAsync(Session session, Invocation invocation, CancellationToken cancel)
    {
        await ReadInUseAsync(session, "delete group", cancel);
        await session.Groups.RemoveAsync(invocation.Argument("group"), cancel);
        return 0;
    }

    private static IEnumerable<string> NoProperties => CommandCatalog.GlobalOptions.Select(o => o.Name);

    private static async Task<SectionDocument> ReadInUseAsync(Session session, string what, CancellationToken cancel)
    {
        var groups = await LegacyGroups.ReadAsync(session, cancel);
        return groups.Sections.IsEmpty ? throw new ConfigException($"cannot {what}: ha groups have been migrated to rules") : groups;
    }
}
