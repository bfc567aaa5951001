namespace Ha.Core.Config;

/// <summary>The stored placement rules.</summary>
public static class RulesDocument
{
    /// <summary>Removes a resource from every rule; rules left without resources, and invalid ones, are removed.</summary>
    public static SectionDocument Purge(SectionDocument rules, string resource)
    {
        ArgumentNullException.ThrowIfNull(rules);
        foreach (var (id, rule) in rules.Sections)
        {
            var rest = ValueList.Split(rule["resources"] ?? "").Where(r => r != resource).ToList();
            rules = rest.Count == 0 || !rule.IsValid
                ? rules.Without(id)
                : rules.With(id, rule with { Values = rule.Values.SetItem("resources", ValueList.JoinSet(rest)) });
        }

        return rules;
    }
}
