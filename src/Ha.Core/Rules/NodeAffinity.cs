using Ha.Core.Model;

namespace Ha.Core.Rules;

/// <summary>Which nodes a service may use and which it prefers.</summary>
public static class NodeAffinity
{
    /// <summary>The online nodes a service may use, and of those the class with the highest priority. Without a rule both are all online nodes.</summary>
    public static (IReadOnlyList<NodeName> Allowed, IReadOnlyList<NodeName> Preferred) Of(ResourceId id, CompiledRules rules, IReadOnlyList<NodeName> online)
    {
        ArgumentNullException.ThrowIfNull(rules);
        if (rules.Of(id).NodeAffinity is not { } priorities)
            return (online, online);
        var allowed = online.Where(priorities.ContainsKey).ToList();
        if (allowed.Count == 0)
            return (allowed, allowed);
        var highest = allowed.Max(n => priorities[n]);
        return (allowed, allowed.Where(n => priorities[n] == highest).ToList());
    }
}
