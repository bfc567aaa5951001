using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ha.Core.Config;
using Ha.Core.Model;
using Ha.Core.Rules;

namespace Ha.Core.Tests.Rules;

/// <summary>What became of a rules document, in the layout of the recorded expectations: keys sorted, three blanks a level, <c>"key" : value</c>.</summary>
internal static class RuleReport
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(SectionReading reading, IReadOnlyCollection<NodeName> nodes)
    {
        var outcome = RulePipeline.Run(RuleSet.From(reading.Document), nodes);
        var text = new StringBuilder("--- Log ---\n");
        foreach (var line in outcome.Dropped)
            text.Append(line).Append('\n');
        text.Append("--- Config ---\n");
        Write(text, Config(outcome.Rules, reading.Document), 0);
        text.Append("\n--- Compiled Config ---\n");
        Write(text, Compiled(outcome.Compiled), 0);
        return text.Append('\n').ToString();
    }

    private static JsonObject Config(RuleSet rules, SectionDocument document)
    {
        var config = new JsonObject
        {
            ["digest"] = rules.Digest,
            ["ids"] = new JsonObject(rules.Rules.Values.Select(r => KeyValuePair.Create<string, JsonNode?>(r.Id, Rule(r)))),
            ["order"] = new JsonObject(rules.Rules.Values.Select(r => KeyValuePair.Create<string, JsonNode?>(r.Id, r.Position))),
        };
        if (!document.Errors.IsEmpty)
        {
            config["errors"] = new JsonArray(document.Errors.Select(e => (JsonNode)new JsonObject
            {
                ["context"] = e.Context,
                ["err"] = e.Reason,
                ["key"] = e.Key,
                ["section"] = e.Section,
            }).ToArray());
        }

        return config;
    }

    private static JsonObject Rule(PlacementRule rule)
    {
        var json = new JsonObject { ["resources"] = Set(rule.Resources), ["type"] = rule is NodeAffinityRule ? "node-affinity" : "resource-affinity" };
        if (rule.Comment is { } comment)
            json["comment"] = comment;
        if (rule.Disable is { } disable)
            json["disable"] = disable;
        if (rule is ResourceAffinityRule affinity)
            json["affinity"] = affinity.IsPositive ? "positive" : "negative";
        if (rule is not NodeAffinityRule nodes)
            return json;
        json["nodes"] = Nodes(nodes.Nodes);
        if (nodes.Strict is { } strict)
            json["strict"] = strict;
        return json;
    }

    private static JsonObject Compiled(CompiledRules rules) => new()
    {
        ["node-affinity"] = new JsonObject(rules.NodeAffinity.Select(a => KeyValuePair.Create<string, JsonNode?>(a.Key.Value, new JsonObject { ["nodes"] = Nodes(a.Value) }))),
        ["resource-affinity"] = new JsonObject
        {
            ["negative"] = new JsonObject(rules.Apart.Select(a => KeyValuePair.Create<string, JsonNode?>(a.Key.Value, Set(a.Value)))),
            ["positive"] = new JsonObject(rules.Together.Select(a => KeyValuePair.Create<string, JsonNode?>(a.Key.Value, Set(a.Value)))),
        },
    };

    private static JsonObject Nodes(IEnumerable<KeyValuePair<NodeName, int>> nodes) =>
        new(nodes.Select(n => KeyValuePair.Create<string, JsonNode?>(n.Key.Value, new JsonObject { ["priority"] = n.Value })));

    private static JsonObject Set(IEnumerable<ResourceId> ids) => new(ids.Select(i => KeyValuePair.Create<string, JsonNode?>(i.Value, 1)));

    private static void Write(StringBuilder text, JsonNode? node, int depth)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } members:
                WriteItems(text, '{', '}', depth, members.OrderBy(m => m.Key, StringComparer.Ordinal), m =>
                {
                    text.Append(JsonSerializer.Serialize(m.Key, Plain)).Append(" : ");
                    Write(text, m.Value, depth + 1);
                });
                break;
            case JsonArray { Count: > 0 } items:
                WriteItems(text, '[', ']', depth, items, i => Write(text, i, depth + 1));
                break;
            default:
                text.Append(node?.ToJsonString(Plain) ?? "null");
                break;
        }
    }

    private static void WriteItems<T>(StringBuilder text, char open, char close, int depth, IEnumerable<T> items, Action<T> write)
    {
        text.Append(open);
        var first = true;
        foreach (var item in items)
        {
            text.Append(first ? "\n" : ",\n").Append(' ', 3 * (depth + 1));
            write(item);
            first = false;
        }

        text.Append('\n').Append(' ', 3 * depth).Append(close);
    }
}
