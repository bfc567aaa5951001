using System.Text.Json.Nodes;
using Ha.Cli.Parsing;
using Ha.Core.Config;

namespace Ha.Cli.Output;

/// <summary>Shows a list as a table or in a structured format, as the format options say.</summary>
internal static class Listing
{
    /// <summary>The format options.</summary>
    public static IReadOnlyList<OptionSpec> Options { get; } =
    [
        new(new("output-format") { Words = ["text", "json", "json-pretty", "yaml"], Description = "How to show it; default text." }),
        new(new("noheader", PropertyKind.Boolean) { Description = "No titles, in format text; default 0." }),
        new(new("noborder", PropertyKind.Boolean) { Description = "No lines, in format text; default 0." }),
        new(new("quiet", PropertyKind.Boolean) { Description = "Show nothing; default 0." }),
        new(new("human-readable", PropertyKind.Boolean) { Description = "Accepted; changes nothing here." }),
    ];

    /// <summary>Shows.</summary>
    /// <param name="console">Where.</param>
    /// <param name="invocation">The format options that were given.</param>
    /// <param name="columns">The fields that the table shows.</param>
    /// <param name="rows">What the table shows, in its order.</param>
    /// <param name="all">What structured formats show, in their order.</param>
    public static void Show(CliConsole console, Invocation invocation, IReadOnlyList<string> columns, IEnumerable<JsonObject> rows, IEnumerable<JsonObject> all)
    {
        if (invocation.Option("quiet") == "1")
            return;
        var format = invocation.Option("output-format") ?? "text";
        if (format == "text")
            console.Out.Write(Table(console, invocation, columns, rows));
        else
            console.Out.Write(Structured(new JsonArray([.. all]), format));
    }

    /// <summary>A document in the format json, json-pretty or yaml.</summary>
    public static string Structured(JsonNode document, string format) => format switch
    {
        "yaml" => YamlText.Document(document),
        "json-pretty" => JsonText.Pretty(document) + "\n",
        _ => JsonText.Compact(document) + "\n",
    };

    private static string Table(CliConsole console, Invocation invocation, IReadOnlyList<string> columns, IEnumerable<JsonObject> rows)
    {
        var style = new TableStyle(invocation.Option("noheader") != "1", invocation.Option("noborder") != "1", console.HasBoxes, console.Width);
        return TextTable.Draw(columns, [.. rows.Select(r => columns.Select(c => r[c]?.ToString() ?? "").ToList())], style);
    }
}
