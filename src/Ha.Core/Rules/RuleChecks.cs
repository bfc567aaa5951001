using System.Collections.Immutable;
using Ha.Core.Model;

namespace Ha.Core.Rules;

/// <summary>Something that makes a rule impossible or ineffective.</summary>
/// <param name="Rule">The rule's id.</param>
/// <param name="Property">The property at fault; <c>resources</c> throughout.</param>
/// <param name="Message">Why.</param>
public sealed record RuleFault(string Rule, string Property, string Message);

/// <summary>Checks whether rules can hold, each and together. All checks see the same rules: one may be faulted because of a partner that is
/// faulted itself. Pure.</summary>
public static class RuleChecks
{
    /// <summary>All faults, in the order in which the checks find them; the same fault may be found more than once.</summary>
    /// <param name="rules">The rules; disabled ones take no part.</param>
    /// <param name="nodeCount">How many nodes the cluster has, online or not.</param>
    public static IReadOnlyList<RuleFault> Find(RuleSet rules, int nodeCount)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var check = new Run(rules, nodeCount);
        return [.. check.All()];
    }

    private sealed class Run(RuleSet rules, int nodeCount)
    {
        private readonly IReadOnlyList<NodeAffinityRule> _nodes = rules.ActiveNodeAffinity;
        private readonly RuleIndex<NodeAffinityRule> _nodesByResource = new(rules.ActiveNodeAffinity);
        private readonly IReadOnlyList<ResourceAffinityRule> _affinity = rules.ActiveResourceAffinity;
        private readonly IReadOnlyList<ResourceAffinityRule> _apart = [.. rules.ActiveResourceAffinity.Where(r => !r.IsPositive)];
        private readonly RuleIndex<ResourceAffinityRule> _apartByResource = new([.. rules.ActiveResourceAffinity.Where(r => !r.IsPositive)]);
        private readonly IReadOnlyList<ConnectedRules> _together = ConnectedRules.Of(rules.ActiveResourceAffinity.Where(r => r.IsPositive));

        public IEnumerable<RuleFault> All() =>
            SharedResources().Concat(Ineffective()).Concat(MoreThanNodes()).Concat(TogetherAndApart())
                .Concat(SeveralPriorities()).Concat(SeveralNodeRules()).Concat(TooFewNodes());

        private IEnumerable<RuleFault> SharedResources()
        {
            var uses = _nodes.SelectMany(r => r.Resources).GroupBy(id => id).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet();
            return from rule in _nodes
                   from id in rule.Resources
                   where uses.Contains(id)
                   select Fault(rule, $"resource '{id}' is already used in another node affinity rule");
        }

        private IEnumerable<RuleFault> Ineffective() =>
            _affinity.Where(r => r.Resources.Count < 2).Select(r => Fault(r, "rule is ineffective as there are less than two resources"));

        private IEnumerable<RuleFault> MoreThanNodes() =>
            _apart.Where(r => r.Resources.Count > nodeCount).Select(r => Fault(r, "rule defines more resources than available nodes"));

        private IEnumerable<RuleFault> TogetherAndApart()
        {
            foreach (var set in _together)
            {
                foreach (var apart in _apartByResource.Sharing(set.Resources).Where(r => r.Resources.Intersect(set.Resources).Count >= 2))
                {
                    yield return Fault(apart, "rule shares two or more resources with a positive resource affinity rule");
                    foreach (var rule in set.Rules)
                        yield return Fault(rule, "rule shares two or more resources with a negative resource affinity rule");
                }
            }
        }

        private IEnumerable<RuleFault> SeveralPriorities()
        {
            foreach (var rule in _affinity)
            {
                var partners = PartnersOf(rule.Resources);
                if (!partners.Any(p => p.Nodes.Values.Distinct().Count() > 1))
                    continue;
                foreach (var partner in partners)
                    yield return Fault(partner, "resources are in a resource affinity rule and cannot be in a node affinity rule with multiple priorities");
                yield return Fault(rule, "resources are in node affinity rules with multiple priorities");
            }
        }

        private IEnumerable<RuleFault> SeveralNodeRules()
        {
            foreach (var set in _together)
            {
                var partners = PartnersOf(set.Resources);
                if (partners.Count <= 1)
                    continue;
                foreach (var partner in partners)
                    yield return Fault(partner, "at least one resource is in a positive resource affinity rule and there are other resources in at least one other node affinity rule already");
                foreach (var rule in set.Rules)
                    yield return Fault(rule, "resources are in multiple node affinity rules");
            }
        }

        private IEnumerable<RuleFault> TooFewNodes()
        {
            foreach (var rule in _apart)
            {
                var partners = PartnersOf(rule.Resources);
                var restricted = partners.SelectMany(p => p.Resources.Intersect(rule.Resources)).Distinct().Count();
                var allowed = partners.SelectMany(p => p.Nodes.Keys).Distinct().Count();
                if (allowed >= restricted)
                    continue;
                yield return Fault(rule, "two or more resources are restricted to less nodes than available to the resources");
                foreach (var partner in partners)
                    yield return Fault(partner, "at least one resource is in a negative resource affinity rule and this rule would restrict these to less nodes than available to the resources");
            }
        }

        private List<NodeAffinityRule> PartnersOf(ImmutableSortedSet<ResourceId> resources) => _nodesByResource.Sharing(resources);

        private static RuleFault Fault(PlacementRule rule, string message) => new(rule.Id, "resources", message);
    }
}
