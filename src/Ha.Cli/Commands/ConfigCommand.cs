using Ha.Cli.Parsing;
using Ha.Core.Config;

namespace Ha.Cli.Commands;

/// <summary>Lists what is configured, as it is stored.</summary>
internal static class ConfigCommand
{
    public static async Task<int> RunAsync(Session session, Invocation invocation, CancellationToken cancel)
    {
        var resources = (await session.ReadResourcesAsync(cancel)).Resources.Document;
        var groups = await LegacyGroups.ReadAsync(session, cancel);
        foreach (var (id, section) in resources.Valid)
        {
            if (invocation.Option("type") is null || invocation.Option("type") == section.Type)
                Write(session.Console, id, section, groups);
        }

        return 0;
    }

    private static void Write(CliConsole console, string id, ConfigSection section, SectionDocument groups)
    {
        var group = section["group"];
        if (group is not null && !groups.Sections.IsEmpty && groups.Find(group) is null)
            console.Error.WriteLine($"error: property 'group' - group '{group}' does not exist");
        console.Out.WriteLine(id);
        foreach (var (key, value) in section.Values)
        {
            if (key != "group" || !groups.Sections.IsEmpty)
                console.Out.WriteLine($"\t{key} {value}");
        }

        console.Out.WriteLine();
    }
}
