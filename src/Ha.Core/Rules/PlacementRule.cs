using System.Collections.Immutable;
using System.Globalization;
using Ha.Core.Config;
using Ha.Core.Model;

namespace Ha.Core.Rules;

/// <summary>One placement rule: as stored, or made from others in memory.</summary>
/// <param name="Id">Its id; rules made in memory begin with <c>_</c>.</param>
/// <param name="Position">Its place among the rules; ties occur among rules made in memory.</param>
/// <param name="Resources">The resources it is about.</param>
public abstract record PlacementRule(string Id, int Position, ImmutableSortedSet<ResourceId> Resources)
{
    /// <summary>The stored <c>disable</c> property; null if it is absent. Any value disables the rule, <c>0</c> included.</summary>
    public int? Disable { get; init; }

    /// <summary>The comment as people read it; null if there is none.</summary>
    public string? Comment { get; init; }

    /// <summary>Whether the rule takes part in anything.</summary>
    public bool IsActive => Disable is null;
}

/// <summary>Some nodes are preferred by, or (strict) the only ones for, some resources.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Position">Its place.</param>
/// <param name="Resources">The resources.</param>
/// <param name="Nodes">The nodes with their priorities; higher is preferred.</param>
/// <param name="Strict">The stored <c>strict</c> property; null if it is absent, which means no.</param>
public sealed record NodeAffinityRule(string Id, int Position, ImmutableSortedSet<ResourceId> Resources, ImmutableSortedDictionary<NodeName, int> Nodes, int? Strict)
    : PlacementRule(Id, Position, Resources)
{
    /// <summary>The rule as it is stored.</summary>
    public ConfigSection ToSection()
    {
        var values = ConfigSection.NoValues
            .Add("nodes", ValueList.JoinNodes(Nodes.Select(n => n.Value == 0 ? n.Key.Value : $"{n.Key}:{n.Value}")))
            .Add("resources", ValueList.JoinSet(Resources.Select(r => r.Value)));
        if (Strict is { } strict)
            values = values.Add("strict", strict.ToString(CultureInfo.InvariantCulture));
        return new ConfigSection("node-affinity", Id, Position, Comment is { } comment ? values.Add("comment", RuleComment.Encode(comment)) : values);
    }
}

/// <summary>Some resources must share one node, or must be on different ones.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Position">Its place.</param>
/// <param name="Resources">The resources.</param>
/// <param name="IsPositive">Together; otherwise apart.</param>
public sealed record ResourceAffinityRule(string Id, int Position, ImmutableSortedSet<ResourceId> Resources, bool IsPositive)
    : PlacementRule(Id, Position, Resources);
