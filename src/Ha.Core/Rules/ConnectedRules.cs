using System.Collections.Immutable;
using Ha.Core.Model;

namespace Ha.Core.Rules;

/// <summary>Positive rules that share resources, directly or in a chain: together they keep all their resources on one node.</summary>
/// <param name="Rules">The rules in the order in which they joined.</param>
/// <param name="Resources">All their resources.</param>
internal sealed record ConnectedRules(ImmutableArray<ResourceAffinityRule> Rules, ImmutableSortedSet<ResourceId> Resources)
{
    /// <summary>Groups rules into connected sets, in the order of their lowest resources. A rule that bridges two sets unites them.</summary>
    public static IReadOnlyList<ConnectedRules> Of(IEnumerable<ResourceAffinityRule> rules)
    {
        var sets = new List<ConnectedRules>();
        foreach (var rule in rules.OrderBy(r => r.Resources.Min).ThenBy(r => r.Id, StringComparer.Ordinal))
        {
            var touched = sets.Where(s => s.Resources.Overlaps(rule.Resources)).ToList();
            if (touched.Count == 0)
            {
                sets.Add(new ConnectedRules([rule], rule.Resources));
                continue;
            }

            var united = new ConnectedRules(
                [.. touched.SelectMany(s => s.Rules), rule], touched.Aggregate(rule.Resources, (all, s) => all.Union(s.Resources)));
            sets[sets.IndexOf(touched[0])] = united;
            foreach (var other in touched.Skip(1))
                sets.Remove(other);
        }

        return sets;
    }
}
