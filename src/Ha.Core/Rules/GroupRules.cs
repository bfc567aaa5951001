using Ha.Core.Config;
using Ha.Core.Model;

namespace Ha.Core.Rules;

/// <summary>What legacy groups mean until they are migrated: rules about nodes, and whether their resources return by themselves.</summary>
public static class GroupRules
{
    /// <summary>Adds the rules that groups stand for: one <c>ha-group-…</c> per group that a resource names and that exists.</summary>
    public static RuleSet Derive(RuleSet rules, SectionDocument groups, ResourceSnapshot resources)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(resources);
        var named = resources.Resources.Where(r => !string.IsNullOrEmpty(r.Value.Group)).GroupBy(r => r.Value.Group!, r => r.Key);
        foreach (var members in named.OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            if (groups.Find(members.Key) is not { } group)
                continue;
            var id = $"ha-group-{members.Key}";
            var nodes = RuleSet.ParseNodes(ValueList.Split(group["nodes"] ?? ""));
            rules = rules.With(new NodeAffinityRule(id, rules.Without([id]).NextOrdinal, [.. members], nodes, group["restricted"] is { } strict ? strict == "0" ? 0 : 1 : null)
            {
                Comment = group["comment"] is { Length: > 0 } comment ? comment : $"Generated from HA group '{members.Key}'.",
            });
        }

        return rules;
    }

    /// <summary>Whether a resource returns to a preferred node by itself: its group says so, if it names one.</summary>
    public static bool FailbackOf(ResourceSettings settings, SectionDocument groups)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(groups);
        return string.IsNullOrEmpty(settings.Group) ? settings.Failback : groups.Find(settings.Group)?["nofailback"] is null or "0";
    }

    /// <summary>The resources with their groups' word on failback.</summary>
    public static ResourceSnapshot MergeFailback(ResourceSnapshot resources, SectionDocument groups)
    {
        ArgumentNullException.ThrowIfNull(resources);
        if (!resources.Resources.Values.Any(r => !string.IsNullOrEmpty(r.Group)))
            return resources;
        var merged = new SortedList<ResourceId, ResourceSettings>(resources.Resources.Count);
        foreach (var (id, settings) in resources.Resources)
            merged.Add(id, settings with { Failback = FailbackOf(settings, groups) });
        return resources with { Resources = merged };
    }
}
