using System.Collections.Immutable;
using Ha.Core.Model;

namespace Ha.Core.Rules;

/// <summary>What became of the stored rules.</summary>
/// <param name="Dropped">One sentence for each fault of a rule that is not followed, sorted by rule.</param>
/// <param name="Rules">The rules that are followed, with those made from them.</param>
/// <param name="Compiled">Their form for choosing nodes.</param>
public sealed record RuleOutcome(IReadOnlyList<string> Dropped, RuleSet Rules, CompiledRules Compiled);

/// <summary>From stored rules to those that are followed: check, drop what cannot hold, merge and infer, compile. Pure.</summary>
public static class RulePipeline
{
    /// <summary>Runs the whole pipeline.</summary>
    /// <param name="stored">The rules.</param>
    /// <param name="nodes">All nodes of the cluster, online or not.</param>
    public static RuleOutcome Run(RuleSet stored, IReadOnlyCollection<NodeName> nodes)
    {
        ArgumentNullException.ThrowIfNull(stored);
        ArgumentNullException.ThrowIfNull(nodes);
        var faults = RuleChecks.Find(stored, nodes.Count);
        var dropped = faults.OrderBy(f => f.Rule, StringComparer.Ordinal).ThenBy(f => f.Property, StringComparer.Ordinal)
            .Select(f => $"Drop rule '{f.Rule}', because {f.Message}.").ToList();
        var rules = InheritNodes(SeparateImplied(MergeConnected(stored.Without(faults.Select(f => f.Rule)))));
        return new RuleOutcome(dropped, rules, Compile(rules, nodes));
    }

    // Positive rules that share resources become one.
    private static RuleSet MergeConnected(RuleSet rules)
    {
        foreach (var set in ConnectedRules.Of(rules.ActiveResourceAffinity.Where(r => r.IsPositive)))
        {
            if (set.Rules.Length < 2)
                continue;
            var id = $"_merged-{string.Join('-', set.Rules.Select(r => r.Id))}";
            rules = rules.Without(set.Rules.Select(r => r.Id)).With(new ResourceAffinityRule(id, set.Rules[0].Position, set.Resources, IsPositive: true));
        }

        return rules;
    }

    // Who must be apart from one of several that stay together must be apart from all of them. Not transitive: what is implied here implies nothing further.
    private static RuleSet SeparateImplied(RuleSet rules)
    {
        var apart = new RuleIndex<ResourceAffinityRule>([.. rules.ActiveResourceAffinity.Where(r => !r.IsPositive)]);
        var position = rules.NextOrdinal; // The rules made here come after the smallest position and so do not change it.
        foreach (var together in rules.ActiveResourceAffinity.Where(r => r.IsPositive))
        {
            var separated = new SortedDictionary<ResourceId, HashSet<ResourceId>>();
            foreach (var rule in apart.Sharing(together.Resources))
            {
                foreach (var member in rule.Resources.Intersect(together.Resources))
                {
                    foreach (var other in rule.Resources.Where(r => r != member))
                        (separated.TryGetValue(other, out var members) ? members : separated[other] = []).Add(member);
                }
            }

            foreach (var (other, members) in separated)
            {
                foreach (var member in together.Resources.Where(m => !members.Contains(m)))
                    rules = rules.With(new ResourceAffinityRule($"_implicit-negative-{together.Id}-{member}-{other}", position, [member, other], IsPositive: false));
            }
        }

        return rules;
    }

    // Who stays with a service that is bound to nodes is bound to them as well.
    private static RuleSet InheritNodes(RuleSet rules)
    {
        var bound = new RuleIndex<NodeAffinityRule>(rules.ActiveNodeAffinity);
        foreach (var together in rules.ActiveResourceAffinity.Where(r => r.IsPositive))
        {
            // Connected rules are merged by now: what a rule inherits from one makes it share nothing with another.
            foreach (var rule in bound.Sharing(together.Resources))
                rules = rules.With(rule with { Resources = rules.Rules[rule.Id].Resources.Union(together.Resources) });
        }

        return rules;
    }

    private static CompiledRules Compile(RuleSet rules, IReadOnlyCollection<NodeName> nodes)
    {
        var affinity = ImmutableSortedDictionary.CreateBuilder<ResourceId, ImmutableSortedDictionary<NodeName, int>>();
        foreach (var rule in rules.ActiveNodeAffinity)
        {
            var effective = rule.Strict is not (null or 0) ? rule.Nodes : rule.Nodes.AddRange(nodes.Where(n => !rule.Nodes.ContainsKey(n)).Select(n => KeyValuePair.Create(n, -1)));
            foreach (var id in rule.Resources)
                affinity[id] = effective;
        }

        return new CompiledRules(affinity.ToImmutable(), Partners(rules, positive: true), Partners(rules, positive: false));
    }

    private static ImmutableSortedDictionary<ResourceId, ImmutableSortedSet<ResourceId>> Partners(RuleSet rules, bool positive)
    {
        var partners = new SortedDictionary<ResourceId, ImmutableSortedSet<ResourceId>.Builder>();
        foreach (var rule in rules.ActiveResourceAffinity.Where(r => r.IsPositive == positive))
        {
            foreach (var id in rule.Resources)
            {
                if (!partners.TryGetValue(id, out var others))
                    partners[id] = others = ImmutableSortedSet.CreateBuilder<ResourceId>();
                others.UnionWith(rule.Resources.Where(r => r != id));
            }
        }

        return partners.Where(p => p.Value.Count > 0).ToImmutableSortedDictionary(p => p.Key, p => p.Value.ToImmutable());
    }
}
