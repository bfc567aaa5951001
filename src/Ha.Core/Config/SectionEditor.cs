namespace Ha.Core.Config;

/// <summary>Changes one section as an administrator asks. Pure.</summary>
internal static class SectionEditor
{
    /// <summary>Refuses a change that is based on another version of the document; no digest fits any version.</summary>
    /// <exception cref="ConfigException">It is another version.</exception>
    public static void RequireDigest(SectionDocument document, string? digest)
    {
        if (digest is { Length: > 0 } && digest != document.Digest)
            throw new ConfigException("detected modified configuration - file changed by other user? Try again.");
    }

    /// <summary>Sets some properties and removes others; a property that is both set and removed is removed.</summary>
    /// <exception cref="ConfigException">No such property, or a value is not accepted.</exception>
    public static ConfigSection Change(ConfigSection section, ResourceChange change, SectionType type)
    {
        section = Set(section, change.Values, type);
        foreach (var key in change.Delete)
            section = section with { Values = section.Values.Remove(CheckDeletion(type, key)) };
        return section;
    }

    /// <summary>Sets properties; each replaces its old value entirely, and an empty text removes it.</summary>
    /// <exception cref="ConfigException">A property is unknown, a value not accepted, or a required property is missing.</exception>
    public static ConfigSection Set(ConfigSection section, IReadOnlyDictionary<string, string> values, SectionType type)
    {
        var result = section.Values.ToBuilder();
        foreach (var (key, value) in values.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            if (!type.ByName.TryGetValue(key, out var property))
                throw new ConfigException($"unexpected property '{key}'");
            if (value.AsSpan().ContainsAny('\r', '\n'))
                throw new ConfigException("property contains a line feed");
            if (property.Check(value) is { } reason)
                throw new ConfigException($"{key}: {reason.TrimEnd('\n')}");
            result[key] = property.Normalize(value);
            if (result[key].Length == 0 && !property.IsRequired)
                result.Remove(key);
        }

        foreach (var key in type.Required)
        {
            if (string.IsNullOrEmpty(result.GetValueOrDefault(key)))
                throw new ConfigException($"missing value for required option '{key}'");
        }

        return section with { Values = result.ToImmutable() };
    }

    /// <summary>Refuses to remove what does not exist or must not be missing.</summary>
    /// <returns>The key.</returns>
    /// <exception cref="ConfigException">The key is unknown or required.</exception>
    public static string CheckDeletion(SectionType type, string key)
    {
        if (!type.ByName.TryGetValue(key, out var property))
            throw new ConfigException($"no such option '{key}'");
        return property.IsRequired ? throw new ConfigException($"unable to delete required option '{key}'") : key;
    }
}
