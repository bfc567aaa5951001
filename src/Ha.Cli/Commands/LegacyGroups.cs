using Ha.Core.Config;
using Ha.Core.Stores;

namespace Ha.Cli.Commands;

/// <summary>The legacy groups, as far as resources refer to them.</summary>
internal static class LegacyGroups
{
    /// <summary>Reads the stored groups; none means that they have been migrated to rules.</summary>
    public static async Task<SectionDocument> ReadAsync(Session session, CancellationToken cancel)
    {
        var entry = await session.GetAsync(DocumentKeys.Groups, cancel);
        var reading = SectionReader.Read(DocumentKeys.Groups.Value, entry is null ? default : entry.Value.Span, DocumentSchemas.Groups);
        session.Report(reading.Diagnostics);
        return reading.Document;
    }

    /// <summary>Refuses a reference to a group once groups have been migrated.</summary>
    /// <exception cref="ConfigException">They have been.</exception>
    public static SectionDocument RequireInUse(SectionDocument groups) =>
        groups.Sections.IsEmpty ? throw new ConfigException("invalid parameter 'group': ha groups have been migrated to rules") : groups;
}
