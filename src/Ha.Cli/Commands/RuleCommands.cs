using Ha.Cli.Output;
using Ha.Cli.Parsing;
using Ha.Core.Config;

namespace Ha.Cli.Commands;

/// <summary>Lists and changes the placement rules.</summary>
internal static class RuleCommands
{
    private static readonly string[] Brief = ["rule"];
    private static readonly string[] Full = ["enabled", "state", "rule", "type", "resources", "comment"];

    /// <summary>Lists the rules' ids; in structured formats, the rules.</summary>
    public static async Task<int> ListAsync(Session session, Invocation invocation, CancellationToken cancel)
    {
        var rules = await RuleReader.ReadAsync(session, invocation.Option("type"), invocation.Option("resource"), cancel);
        var entries = rules.Select(r => r.Fields()).ToList();
        Listing.Show(session.Console, invocation, Brief, entries.OrderBy(e => (string)e["rule"]!, StringComparer.Ordinal), entries);
        return 0;
    }

    /// <summary>Lists the rules, and which of them are followed.</summary>
    public static async Task<int> ConfigAsync(Session session, Invocation invocation, CancellationToken cancel)
    {
        var rules = await RuleReader.ReadAsync(session, invocation.Option("type"), invocation.Option("resource"), cancel);
        var entries = rules.Select(r => r.FieldsWithState()).ToList();
        Listing.Show(session.Console, invocation, Full, entries.OrderBy(e => (int)e["enabled"]!), entries);
        return 0;
    }

    /// <summary>Adds a rule.</summary>
    public static async Task<int> AddAsync(Session session, Invocation invocation, CancellationToken cancel)
    {
        await session.RequireQuorumAsync(cancel);
        await RequireMigratedAsync(session, "create", cancel);
        var (members, count) = await RuleReader.ReadNodesAsync(session, cancel);
        await session.Rules.AddAsync(
            invocation.Argument("type"), invocation.Argument("rule"), RuleParameters.ValuesOf(invocation), [.. members, session.LocalNode], count, cancel);
        return 0;
    }

    /// <summary>Changes a rule.</summary>
    public static async Task<int> SetAsync(Session session, Invocation invocation, CancellationToken cancel)
    {
        await RequireMigratedAsync(session, "update", cancel);
        var (members, count) = await RuleReader.ReadNodesAsync(session, cancel);
        var change = new ResourceChange
        {
            Values = RuleParameters.ValuesOf(invocation),
            Delete = [.. ValueList.Split(invocation.Option("delete") ?? "")],
            Digest = invocation.Option("digest"),
        };
        await session.Rules.SetAsync(invocation.Argument("type"), invocation.Argument("rule"), change, [.. members, session.LocalNode], count, cancel);
        return 0;
    }

    /// <summary>Removes a rule.</summary>
    public static async Task<int> RemoveAsync(Session session, Invocation invocation, CancellationToken cancel)
    {
        await session.Rules.RemoveAsync(invocation.Argument("rule"), cancel);
        return 0;
    }

    private static async Task RequireMigratedAsync(Session session, string word, CancellationToken cancel)
    {
        if (!(await LegacyGroups.ReadAsync(session, cancel)).Sections.IsEmpty)
            throw new ConfigException($"cannot {word} ha rule: ha groups have not been migrated yet");
    }
}
