using System.Collections.Immutable;
using Ha.Cli.Parsing;
using Ha.Core.Config;

namespace Ha.Cli.Commands;

/// <summary>The options of rules: which of them a rule takes depends on its type.</summary>
internal static class RuleParameters
{
    private const string Foreign = "property is not defined in schema and the schema does not allow additional properties";

    private static readonly string[] OfOneType = ["affinity", "nodes", "strict"];

    /// <summary>A rule's type.</summary>
    public static PropertySchema Type { get; } = new("type")
    {
        Words = [.. DocumentSchemas.Rules.Types.Select(t => t.Type)],
        Description = "The kind of rule.",
    };

    /// <summary>A rule's id.</summary>
    public static PropertySchema Rule { get; } = new("rule") { Format = ValueFormat.ConfigId, Description = "A rule's id; two characters or more." };

    /// <summary>All properties of rules of both types.</summary>
    public static IReadOnlyList<OptionSpec> Options { get; } =
    [
        .. DocumentSchemas.Rules.Types.SelectMany(t => t.Properties).DistinctBy(p => p.Name)
            .Select(p => new OptionSpec(p with { Description = Describe(p) }) { IsCheckedByCommand = OfOneType.Contains(p.Name, StringComparer.Ordinal) }),
    ];

    /// <summary>Checks a new rule.</summary>
    public static IEnumerable<(string Parameter, string Reason)> CheckNew(Invocation invocation)
    {
        if (DocumentSchemas.Rules.Find(invocation.Argument("type")) is not { } type)
            return [];
        var missing = type.Required.Where(key => invocation.Option(key) is null)
            .Select(key => (NameOf(type, key), "property is missing and it is not optional"));
        return CheckChange(invocation).Concat(missing);
    }

    /// <summary>Checks what is to change of a rule.</summary>
    public static IEnumerable<(string Parameter, string Reason)> CheckChange(Invocation invocation)
    {
        if (DocumentSchemas.Rules.Find(invocation.Argument("type")) is not { } type)
            yield break;
        foreach (var key in OfOneType)
        {
            if (invocation.Option(key) is not { } value)
                continue;
            if (!type.ByName.TryGetValue(key, out var property))
                yield return (key, Foreign);
            else if (property.Check(value) is { } reason)
                yield return (NameOf(type, key), reason);
        }
    }

    /// <summary>The properties that were given. Switching a rule off is one; not switching it off is none.</summary>
    public static ImmutableSortedDictionary<string, string> ValuesOf(Invocation invocation)
    {
        var values = invocation.Options.RemoveRange(invocation.Options.Keys.Where(key => !Options.Any(o => o.Name == key)));
        return values.GetValueOrDefault("disable") == "0" ? values.Remove("disable") : values;
    }

    private static string NameOf(SectionType type, string key) => OfOneType.Contains(key, StringComparer.Ordinal) ? $"oneOf[{type.Type}].{key}" : key;

    private static string Describe(PropertySchema property) => property.Name switch
    {
        "affinity" => "Together on one node, or each on another. Only and always for resource-affinity.",
        "disable" => "Do not follow the rule. 'set --delete disable' switches it on again.",
        "nodes" => "The nodes, each with ':PRIORITY' if not 0; higher is preferred. Only and always for node-affinity.",
        "resources" => "The resources it is about.",
        "strict" => "Whether other nodes are forbidden; default 0. Only for node-affinity.",
        _ => property.Description,
    };
}
