using System.Collections.Immutable;

namespace Ha.Core.Config;

/// <summary>One section as it is stored. Properties that were not given are absent; no defaults are filled in.</summary>
/// <param name="Type">Its type; lower case.</param>
/// <param name="Name">The name in its header.</param>
/// <param name="Position">Its place in the document, from 1; ties are possible in documents made by others.</param>
/// <param name="Values">Checked and normalized values by key, sorted.</param>
public sealed record ConfigSection(string Type, string Name, int Position, ImmutableSortedDictionary<string, string> Values)
{
    /// <summary>No values, in ordinal order.</summary>
    public static ImmutableSortedDictionary<string, string> NoValues { get; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The section's own text, if it misses a required property: nobody uses it, but it is written back as it was found.</summary>
    public string? InvalidText { get; init; }

    /// <summary>Whether it can be used.</summary>
    public bool IsValid => InvalidText is null;

    /// <summary>The value of a key, or null.</summary>
    public string? this[string key] => Values.GetValueOrDefault(key);
}

/// <summary>A section configuration in memory. Immutable: changes give a new document.</summary>
/// <param name="Sections">Sections by id, sorted; invalid ones included.</param>
/// <param name="Digest">SHA-1 of the text it was read from, as 40 lower-case hexadecimal digits.</param>
public sealed record SectionDocument(ImmutableSortedDictionary<string, ConfigSection> Sections, string Digest)
{
    /// <summary>Texts of sections that were skipped, in order. They are written back at the end, so that a program that does not know a type
    /// does not destroy its sections.</summary>
    public ImmutableArray<string> Skipped { get; init; } = [];

    /// <summary>Values that were not accepted.</summary>
    public ImmutableArray<ConfigError> Errors { get; init; } = [];

    /// <summary>The usable section of an id, or null.</summary>
    public ConfigSection? Find(string id) => Sections.GetValueOrDefault(id) is { IsValid: true } section ? section : null;

    /// <summary>The usable sections with their ids, sorted by id.</summary>
    public IEnumerable<KeyValuePair<string, ConfigSection>> Valid => Sections.Where(s => s.Value.IsValid);

    /// <summary>The position after all others.</summary>
    public int NextPosition => Sections.Values.Select(s => s.Position).DefaultIfEmpty(0).Max() + 1;

    /// <summary>With a section added or replaced.</summary>
    public SectionDocument With(string id, ConfigSection section) => this with { Sections = Sections.SetItem(id, section) };

    /// <summary>Without a section.</summary>
    public SectionDocument Without(string id) => this with { Sections = Sections.Remove(id) };
}

/// <summary>A value that was not accepted.</summary>
/// <param name="Context">Document and line: <c>file … line …</c>.</param>
/// <param name="Section">The section's id.</param>
/// <param name="Key">The key.</param>
/// <param name="Reason">Why, with a line feed at its end.</param>
public sealed record ConfigError(string Context, string Section, string Key, string Reason);

/// <summary>What reading a document gave.</summary>
/// <param name="Document">What could be read.</param>
/// <param name="Diagnostics">Everything that could not, in order of lines; texts without their final line feed.</param>
public sealed record SectionReading(SectionDocument Document, ImmutableArray<string> Diagnostics);
