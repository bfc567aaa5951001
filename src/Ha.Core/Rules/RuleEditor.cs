using System.Collections.Immutable;
using Ha.Core.Config;
using Ha.Core.Model;

namespace Ha.Core.Rules;

/// <summary>What a changed rule is judged by.</summary>
/// <param name="Resources">The configured resources.</param>
/// <param name="Groups">The legacy groups, which stand for rules as well.</param>
/// <param name="Members">Nodes that a rule may name.</param>
/// <param name="NodeCount">How many nodes the manager counts with.</param>
public sealed record RuleContext(ResourceSnapshot Resources, SectionDocument Groups, IReadOnlyCollection<NodeName> Members, int NodeCount);

/// <summary>Adds and changes stored rules; a rule that could not be followed is refused. Pure.</summary>
public static class RuleEditor
{
    /// <summary>Adds a rule at the end. Its comment is plain text.</summary>
    /// <exception cref="ConfigException">The id is taken, a value is not accepted, or the rule could not be followed.</exception>
    public static SectionDocument Add(SectionDocument rules, string type, string id, ImmutableSortedDictionary<string, string> values, RuleContext context)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(context);
        if (rules.Sections.ContainsKey(id))
            throw new ConfigException($"HA rule '{id}' already defined");
        CheckNames(values, context);
        var section = new ConfigSection(type, id, rules.NextPosition, ConfigSection.NoValues);
        return Judge(rules.With(id, SectionEditor.Set(section, WithStoredComment(values), TypeOf(type))), id, context);
    }

    /// <summary>Changes a rule. Its comment is plain text.</summary>
    /// <param name="rules">The stored rules.</param>
    /// <param name="type">The type that the rule must have.</param>
    /// <param name="id">The rule.</param>
    /// <param name="change">What to change.</param>
    /// <param name="context">What the rule is judged by.</param>
    /// <exception cref="ConfigException">There is no such rule, a value is not accepted, or the rule could not be followed.</exception>
    public static SectionDocument Change(SectionDocument rules, string type, string id, ResourceChange change, RuleContext context)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(context);
        SectionEditor.RequireDigest(rules, change.Digest);
        var section = rules.Find(id) ?? throw new ConfigException($"HA rule '{id}' does not exist");
        if (section.Type != type)
            throw new ConfigException("unexpected property 'type'");
        CheckNames(change.Values, context);
        foreach (var key in change.Delete)
        {
            if (change.Values.ContainsKey(SectionEditor.CheckDeletion(TypeOf(type), key)))
                throw new ConfigException($"cannot set and delete property '{key}' at the same time!");
        }

        section = SectionEditor.Change(section, change with { Values = WithStoredComment(change.Values) }, TypeOf(type));
        return Judge(rules.With(id, section), id, context);
    }

    private static SectionType TypeOf(string type) => DocumentSchemas.Rules.Find(type) ?? throw new ConfigException($"unknown section type '{type}'");

    private static void CheckNames(ImmutableSortedDictionary<string, string> values, RuleContext context)
    {
        if (values.TryGetValue("resources", out var resources))
        {
            CheckNames(
                ValueList.Split(resources), "no resources were specified", "cannot use unmanaged resource(s)",
                name => ResourceId.TryParse(name, out var id) && context.Resources.Find(id) is not null);
        }

        if (values.TryGetValue("nodes", out var nodes))
        {
            CheckNames(
                ValueList.Split(nodes).Select(n => n.Split(':')[0]).ToList(), "no nodes were specified", "cannot use non-existent node(s)",
                name => NodeName.TryParse(name, out var node) && context.Members.Contains(node));
        }
    }

    private static void CheckNames(IReadOnlyList<string> names, string none, string unknown, Func<string, bool> isKnown)
    {
        if (names.Count == 0)
            throw new ConfigException(none);
        var strangers = new SortedSet<string>(names.Where(n => !isKnown(n)), StringComparer.Ordinal);
        if (strangers.Count > 0)
            throw new ConfigException($"{unknown} {string.Join(", ", strangers)}.");
    }

    private static ImmutableSortedDictionary<string, string> WithStoredComment(ImmutableSortedDictionary<string, string> values)
    {
        if (!values.TryGetValue("comment", out var comment))
            return values;
        return comment.AsSpan().ContainsAny('\r', '\n')
            ? throw new ConfigException("property contains a line feed")
            : values.SetItem("comment", RuleComment.Encode(comment.Trim()));
    }

    // Writing changes what a document says: 'disable 0' disables a rule, but is not written. So what will be read is what is judged.
    private static SectionDocument Judge(SectionDocument rules, string id, RuleContext context)
    {
        var written = SectionReader.Read("", SectionWriter.Write(rules, DocumentSchemas.Rules), DocumentSchemas.Rules).Document;
        var all = GroupRules.Derive(RuleSet.From(written), context.Groups, context.Resources);
        var faults = RuleChecks.Find(all, context.NodeCount).Where(f => f.Rule == id).GroupBy(f => f.Property, f => f.Message).ToList();
        if (faults.Count == 0)
            return rules;
        var lines = faults.Select(f => $"{f.Key}: {string.Join(", ", f)}").Order(StringComparer.Ordinal);
        throw new ConfigException($"400 Rule '{id}' is invalid.\n{string.Join('\n', lines)}");
    }
}
