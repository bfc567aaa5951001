using System.Collections.Immutable;
using Ha.Core.Model;

namespace Ha.Core.Rules;

/// <summary>Finds the rules that share resources with another, without comparing it to each of a thousand.</summary>
internal sealed class RuleIndex<T>
    where T : PlacementRule
{
    private readonly IReadOnlyList<T> _rules;
    private readonly Dictionary<ResourceId, List<int>> _uses = [];

    /// <summary>Indexes rules.</summary>
    public RuleIndex(IReadOnlyList<T> rules)
    {
        _rules = rules;
        for (var i = 0; i < rules.Count; i++)
        {
            foreach (var id in rules[i].Resources)
            {
                if (!_uses.TryGetValue(id, out var uses))
                    _uses[id] = uses = [];
                uses.Add(i);
            }
        }
    }

    /// <summary>The rules that have at least one of some resources, each once, in the order they were given in.</summary>
    public List<T> Sharing(ImmutableSortedSet<ResourceId> resources)
    {
        var found = new SortedSet<int>();
        foreach (var id in resources)
        {
            if (_uses.TryGetValue(id, out var uses))
                found.UnionWith(uses);
        }

        return found.Select(i => _rules[i]).ToList();
    }
}
