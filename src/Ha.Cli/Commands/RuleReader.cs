using System.Text.Json.Nodes;
using Ha.Core.Config;
using Ha.Core.Model;
using Ha.Core.Rules;
using Ha.Core.Stores;

namespace Ha.Cli.Commands;

/// <summary>A rule with what keeps it from being followed.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Digest">The digest of the rules document.</param>
/// <param name="Faults">Its faults.</param>
internal sealed record ListedRule(PlacementRule Rule, string Digest, IReadOnlyList<RuleFault> Faults)
{
    /// <summary>What programs want to know.</summary>
    public JsonObject Fields()
    {
        var fields = new JsonObject
        {
            ["rule"] = Rule.Id,
            ["type"] = Rule is NodeAffinityRule ? "node-affinity" : "resource-affinity",
            ["digest"] = Digest,
            ["order"] = Rule.Position,
            ["resources"] = ValueList.JoinSet(Rule.Resources.Select(r => r.Value)),
        };
        if (Rule is NodeAffinityRule nodes)
            fields["nodes"] = ValueList.JoinNodes(nodes.Nodes.Select(n => $"{n.Key}:{n.Value}"));
        if (Rule is NodeAffinityRule { Strict: { } strict })
            fields["strict"] = strict;
        if (Rule is ResourceAffinityRule affinity)
            fields["affinity"] = affinity.IsPositive ? "positive" : "negative";
        if (Rule.Disable is { } disable)
            fields["disable"] = disable;
        if (Rule.Comment is { } comment)
            fields["comment"] = comment;
        if (Faults.Count > 0)
            fields["errors"] = new JsonObject(Faults.GroupBy(f => f.Property).Select(g => KeyValuePair.Create(g.Key, (JsonNode?)new JsonArray([.. g.Select(f => f.Message)]))));
        return fields;
    }

    /// <summary>The same, and whether the rule is followed.</summary>
    public JsonObject FieldsWithState()
    {
        var fields = Fields();
        fields["enabled"] = Rule.IsActive ? 1 : 0;
        fields["state"] = Faults.Count > 0 ? "ignored (conflicts)" : "in use";
        return fields;
    }
}

/// <summary>Reads the rules, those that legacy groups stand for included.</summary>
internal static class RuleReader
{
    /// <summary>Reads the rules of a type and about a resource (null: any) in the order of the document.</summary>
    public static async Task<IReadOnlyList<ListedRule>> ReadAsync(Session session, string? type, string? resource, CancellationToken cancel)
    {
        var rules = await ReadSetAsync(session, (await session.ReadResourcesAsync(cancel)).Effective, cancel);
        var faults = RuleChecks.Find(rules, (await ReadNodesAsync(session, cancel)).Count).ToLookup(f => f.Rule);
        return
        [
            .. rules.Rules.Values.Where(r => type is null || type == "node-affinity" == r is NodeAffinityRule)
                .Where(r => resource is null || r.Resources.Any(id => id.Value == resource))
                .OrderBy(r => r.Position).ThenBy(r => r.Id, StringComparer.Ordinal)
                .Select(r => new ListedRule(r, rules.Digest, [.. faults[r.Id]])),
        ];
    }

    /// <summary>The stored rules, and those that legacy groups stand for.</summary>
    public static async Task<RuleSet> ReadSetAsync(Session session, ResourceSnapshot resources, CancellationToken cancel)
    {
        var entry = await session.GetAsync(DocumentKeys.Rules, cancel);
        var reading = SectionReader.Read(DocumentKeys.Rules.Value, entry is null ? default : entry.Value.Span, DocumentSchemas.Rules);
        session.Report(reading.Diagnostics);
        return GroupRules.Derive(RuleSet.From(reading.Document), await LegacyGroups.ReadAsync(session, cancel), resources);
    }

    /// <summary>The cluster's members, and how many nodes the manager counts with: before its first round, the members.</summary>
    public static async Task<(IReadOnlyList<NodeName> Members, int Count)> ReadNodesAsync(Session session, CancellationToken cancel)
    {
        var members = await session.ReadMembersAsync(cancel);
        var known = (await session.ReadManagerAsync(cancel)).Nodes.Count;
        return (members, known > 0 ? known : members.Count);
    }
}
