using System.Collections.Immutable;
using System.Globalization;
using Ha.Core.Model;

namespace Ha.Core.Config;

/// <summary>The configured resources: the document of what administrators set, and the effective settings that everybody else works with.</summary>
public static class ResourcesDocument
{
    /// <summary>A value that is stored as a number may have more digits than one can count with.</summary>
    private const int MostTries = 1_000_000;

    /// <summary>Reads the stored text. Never fails: see the diagnostics.</summary>
    public static SectionReading Read(string name, ReadOnlySpan<byte> text, ResourceTypes types)
    {
        ArgumentNullException.ThrowIfNull(types);
        return SectionReader.Read(name, text, types.Schema);
    }

    /// <summary>The text to store.</summary>
    /// <exception cref="ConfigException">It cannot be written.</exception>
    public static byte[] Write(SectionDocument document, ResourceTypes types)
    {
        ArgumentNullException.ThrowIfNull(types);
        return SectionWriter.Write(document, types.Schema);
    }

    /// <summary>All usable resources with defaults filled in.</summary>
    /// <param name="document">What is configured.</param>
    /// <param name="homes">The node where each resource lives; a resource without one does not exist, and is kept so that it can be removed.</param>
    public static ResourceSnapshot Effective(SectionDocument document, IReadOnlyDictionary<ResourceId, NodeName> homes)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(homes);
        var resources = new SortedList<ResourceId, ResourceSettings>();
        foreach (var (key, section) in document.Valid)
        {
            if (ResourceId.TryParse(key, out var id))
                resources.Add(id, EffectiveOf(section, homes.TryGetValue(id, out var node) ? node : null));
        }

        return new ResourceSnapshot(resources, document.Digest);
    }

    /// <summary>The settings of one section with defaults filled in.</summary>
    public static ResourceSettings EffectiveOf(ConfigSection section, NodeName? node)
    {
        ArgumentNullException.ThrowIfNull(section);
        return new ResourceSettings
        {
            State = StateWords.ParseWantedState(section["state"]) ?? WantedState.Started,
            Node = node,
            Failback = section["failback"] is not "0",
            MaxRestart = Tries(section["max_restart"]),
            MaxRelocate = Tries(section["max_relocate"]),
            Group = section["group"],
            AgentSettings = section.Values.Where(v => !ResourceType.CommonProperties.Any(p => p.Name == v.Key))
                .ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
    }

    /// <summary>Adds a resource at the end.</summary>
    /// <exception cref="ConfigException">It is configured already, or a value is not accepted.</exception>
    public static SectionDocument Add(SectionDocument document, ResourceId id, IReadOnlyDictionary<string, string> values, ResourceTypes types)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(types);
        if (document.Sections.ContainsKey(id.Value))
            throw new ConfigException($"resource ID '{id}' already defined");
        if (types.CheckId(id) is { } reason)
            throw new ConfigException(reason);
        var section = new ConfigSection(id.Type, id.Name, document.NextPosition, ConfigSection.NoValues);
        return document.With(id.Value, SectionEditor.Set(section, values, types.Find(id.Type)!.Section));
    }

    /// <summary>Sets some properties of a resource and removes others; a property that is both set and removed is removed.</summary>
    /// <exception cref="ConfigException">No such resource or property, or a value is not accepted.</exception>
    public static SectionDocument Change(SectionDocument document, ResourceId id, ResourceChange change, ResourceTypes types)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(types);
        SectionEditor.RequireDigest(document, change.Digest);
        var section = document.Find(id.Value) ?? throw new ConfigException($"no such resource '{id}'");
        return document.With(id.Value, SectionEditor.Change(section, change, types.Find(section.Type)!.Section));
    }

    private static int Tries(string? value) =>
        value is null ? 1 : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var tries) ? Math.Min(tries, MostTries) : MostTries;
}
