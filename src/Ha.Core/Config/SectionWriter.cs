using System.Text;

namespace Ha.Core.Config;

/// <summary>Writes a section configuration.</summary>
public static class SectionWriter
{
    /// <summary>The text of a document: sections by position, an empty line after each; the empty text if there are none.</summary>
    /// <exception cref="ConfigException">A section cannot be written; the message says which and why.</exception>
    public static byte[] Write(SectionDocument document, SectionSchema schema)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(schema);
        var text = new StringBuilder();
        foreach (var (id, section) in document.Sections.OrderBy(s => s.Value.Position).ThenBy(s => s.Key, StringComparer.Ordinal))
        {
            if (section.InvalidText is { } kept)
                text.Append(kept).Append('\n');
            else
                WriteSection(text, id, section, schema);
        }

        foreach (var skipped in document.Skipped)
            text.Append(skipped).Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void WriteSection(StringBuilder text, string id, ConfigSection section, SectionSchema schema)
    {
        var type = schema.Find(section.Type) ?? throw new ConfigException($"unknown section type '{section.Type}'");
        text.Append(section.Type).Append(": ").Append(section.Name).Append('\n');
        if (section["comment"] is { } comment && comment is not ("" or "0"))
            WriteProperty(text, "comment", comment);
        if (type.ByName.ContainsKey("disable") && section["disable"] is { } disable && disable is not ("" or "0"))
            text.Append("\tdisable\n");
        foreach (var key in type.Required)
        {
            if (string.IsNullOrEmpty(section[key]))
                throw new ConfigException($"section '{id}' - missing value for required option '{key}'");
            WriteProperty(text, key, section[key]!);
        }

        foreach (var (key, value) in section.Values)
        {
            if (key is not ("comment" or "disable") && !type.ByName[key].IsRequired)
                WriteProperty(text, key, value);
        }

        text.Append('\n');
    }

    private static void WriteProperty(StringBuilder text, string key, string value)
    {
        if (value.AsSpan().ContainsAny('\r', '\n'))
            throw new ConfigException($"property '{key}' contains a line feed");
        if (value.Length > 0)
            text.Append('\t').Append(key).Append(' ').Append(value).Append('\n');
    }
}
