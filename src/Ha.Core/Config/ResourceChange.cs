using System.Collections.Immutable;

namespace Ha.Core.Config;

/// <summary>What an administrator wants to change of one resource.</summary>
public sealed record ResourceChange
{
    /// <summary>Values to set, by property.</summary>
    public ImmutableSortedDictionary<string, string> Values { get; init; } = ConfigSection.NoValues;

    /// <summary>Properties to remove, so that their defaults count again.</summary>
    public ImmutableArray<string> Delete { get; init; } = [];

    /// <summary>The digest of the document the change is based on; null or empty: whatever there is.</summary>
    public string? Digest { get; init; }
}
