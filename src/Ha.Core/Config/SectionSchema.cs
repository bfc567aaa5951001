using System.Collections.Immutable;

namespace Ha.Core.Config;

/// <summary>One type of section and its properties.</summary>
/// <param name="Type">The word before the colon of a header; lower case.</param>
/// <param name="Properties">The properties that may be set, in any order.</param>
public sealed record SectionType(string Type, IReadOnlyList<PropertySchema> Properties)
{
    private readonly ImmutableSortedDictionary<string, PropertySchema> _byName =
        Properties.ToImmutableSortedDictionary(p => p.Name, p => p, StringComparer.Ordinal);

    /// <summary>The properties by name, sorted.</summary>
    public IReadOnlyDictionary<string, PropertySchema> ByName => _byName;

    /// <summary>Names of the properties without which a section is invalid, sorted.</summary>
    public IEnumerable<string> Required => _byName.Where(p => p.Value.IsRequired).Select(p => p.Key);
}

/// <summary>What a section configuration may contain.</summary>
public sealed record SectionSchema
{
    /// <summary>The property that stands for the section's own id; it may not be set inside.</summary>
    public required string IdProperty { get; init; }

    /// <summary>The types of sections.</summary>
    public required IReadOnlyList<SectionType> Types { get; init; }

    /// <summary>Checks type and name of a header; the answer is the reason for skipping the section, or null.</summary>
    public required Func<string, string, string?> CheckHeader { get; init; }

    /// <summary>Whether a section's id is <c>type:name</c> rather than the name alone.</summary>
    public bool IdHasType { get; init; }

    /// <summary>The section type of a word, or null.</summary>
    public SectionType? Find(string type) => Types.FirstOrDefault(t => string.Equals(t.Type, type, StringComparison.Ordinal));

    /// <summary>The id of a section.</summary>
    public string IdOf(string type, string name) => IdHasType ? $"{type}:{name}" : name;
}
