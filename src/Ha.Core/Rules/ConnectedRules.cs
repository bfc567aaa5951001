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
        var sets = new List<ConnectedRules?>();
        var places = new Dictionary<ResourceId, int>();
        foreach (var rule in rules.OrderBy(r => r.Resources.Min).ThenBy(r => r.Id, StringComparer.Ordinal))
        {
            var touched = rule.Resources.Where(places.ContainsKey).Select(id => places[id]).Distinct().Order().ToList();
            var place = touched.Count == 0 ? sets.Count : touched[0];
            var joined = touched.Select(t => sets[t]!).ToList();
            var united = new ConnectedRules([.. joined.SelectMany(s => s.Rules), rule], joined.Aggregate(rule.Resources, (all, s) => all.Union(s.Resources)));
            if (touched.Count == 0)
                sets.Add(united);
            sets[place] = united;
            foreach (var other in touched.Skip(1))
                sets[other] = null;
            foreach (var id in united.Resources)
                places[id] = place;
        }

        return [.. sets.OfType<ConnectedRules>()];
    }
}
