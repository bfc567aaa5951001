using System.Collections.Frozen;
using System.Collections.Immutable;
using Ha.Core.Model;

namespace Ha.Core.Rules;

/// <summary>The rules of one service, found by one look-up.</summary>
/// <param name="NodeAffinity">The nodes it may use, with priorities; null: any.</param>
/// <param name="Together">The services it wants to share a node with, sorted.</param>
/// <param name="Apart">The services it must not share a node with, sorted.</param>
public sealed record ServiceRules(FrozenDictionary<NodeName, int>? NodeAffinity, ImmutableArray<ResourceId> Together, ImmutableArray<ResourceId> Apart)
{
    /// <summary>The rules of a service that has none.</summary>
    public static ServiceRules None { get; } = new(null, [], []);
}
