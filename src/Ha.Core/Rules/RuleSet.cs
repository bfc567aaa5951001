using System.Collections.Immutable;
using System.Globalization;
using Ha.Core.Config;
using Ha.Core.Model;

namespace Ha.Core.Rules;

/// <summary>All placement rules at one moment. Immutable.</summary>
/// <param name="Rules">The rules by id, sorted; sections that could not be read are not among them.</param>
/// <param name="Digest">Identifies the text they were read from.</param>
public sealed record RuleSet(ImmutableSortedDictionary<string, PlacementRule> Rules, string Digest)
{
    /// <summary>Positions of stored sections that are no usable rules; they count when a new position is chosen.</summary>
    public ImmutableArray<int> UnusablePositions { get; init; } = [];

    /// <summary>The position of a rule made in memory: one after the smallest (not the largest) position there is.</summary>
    public int NextOrdinal => Rules.Values.Select(r => r.Position).Concat(UnusablePositions).DefaultIfEmpty(0).Min() + 1;

    /// <summary>The active rules that restrict nodes, by id.</summary>
    public IReadOnlyList<NodeAffinityRule> ActiveNodeAffinity => [.. Rules.Values.OfType<NodeAffinityRule>().Where(r => r.IsActive)];

    /// <summary>The active rules about sharing nodes, by id.</summary>
    public IReadOnlyList<ResourceAffinityRule> ActiveResourceAffinity => [.. Rules.Values.OfType<ResourceAffinityRule>().Where(r => r.IsActive)];

    /// <summary>Reads the stored rules. A section of the wrong form is left out: the document's own diagnostics tell.</summary>
    public static RuleSet From(SectionDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var rules = ImmutableSortedDictionary.CreateBuilder<string, PlacementRule>(StringComparer.Ordinal);
        foreach (var (id, section) in document.Valid)
            rules[id] = Rule(id, section);
        return new RuleSet(rules.ToImmutable(), document.Digest)
        {
            UnusablePositions = [.. document.Sections.Values.Where(s => !s.IsValid).Select(s => s.Position)],
        };
    }

    /// <summary>With a rule added or replaced.</summary>
    public RuleSet With(PlacementRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return this with { Rules = Rules.SetItem(rule.Id, rule) };
    }

    /// <summary>Without some rules.</summary>
    public RuleSet Without(IEnumerable<string> ids) => this with { Rules = Rules.RemoveRange(ids) };

    /// <summary>Node entries, <c>node</c> or <c>node:priority</c>, as a map; the last entry of a node wins. What can be no node is left out.</summary>
    public static ImmutableSortedDictionary<NodeName, int> ParseNodes(IEnumerable<string> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var nodes = ImmutableSortedDictionary.CreateBuilder<NodeName, int>();
        foreach (var entry in entries)
        {
            var colon = entry.IndexOf(':', StringComparison.Ordinal);
            if (!NodeName.TryParse(colon < 0 ? entry : entry[..colon], out var node))
                continue;
            nodes[node] = colon < 0 ? 0 : int.TryParse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var priority) ? priority : int.MaxValue;
        }

        return nodes.ToImmutable();
    }

    private static PlacementRule Rule(string id, ConfigSection section)
    {
        var resources = ValueList.Split(section["resources"] ?? "")
            .Select(text => ResourceId.TryParse(text, out var resource) ? resource : (ResourceId?)null).OfType<ResourceId>().ToImmutableSortedSet();
        PlacementRule rule = section.Type == "node-affinity"
            ? new NodeAffinityRule(id, section.Position, resources, ParseNodes(ValueList.Split(section["nodes"] ?? "")), Number(section["strict"]))
            : new ResourceAffinityRule(id, section.Position, resources, section["affinity"] == "positive");
        return rule with { Disable = Number(section["disable"]), Comment = section["comment"] is { } comment ? RuleComment.Decode(comment) : null };
    }

    private static int? Number(string? text) => text is null ? null : int.Parse(text, CultureInfo.InvariantCulture);
}
