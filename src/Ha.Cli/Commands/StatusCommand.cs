using System.Text.Json.Nodes;
using Ha.Cli.Output;
using Ha.Cli.Parsing;

namespace Ha.Cli.Commands;

/// <summary>Shows the cluster, its nodes and services.</summary>
internal static class StatusCommand
{
    public static async Task<int> RunAsync(Session session, Invocation invocation, CancellationToken cancel)
    {
        var reader = new StatusReader(session, cancel);
        var facts = await reader.ReadAsync();
        var entries = StatusReport.Entries(facts).ToList();
        var verbose = invocation.Option("verbose") == "1";
        var output = session.Console.Out;
        if (invocation.Option("output-format") is not (null or "text") and var format)
            output.Write(Structured(entries, facts, verbose, format));
        else
            WriteText(output, entries, verbose ? facts.Documents : null);
        session.Report(reader.Damage);
        return reader.Damage.Count == 0 ? 0 : CliApplication.Failure;
    }

    private static void WriteText(TextWriter output, List<StatusEntry> entries, JsonObject? documents)
    {
        foreach (var entry in entries)
            output.WriteLine($"{entry.Type} {entry.Status}");
        if (documents is not null)
            output.WriteLine($"full cluster state:\n{JsonText.Pretty(documents)}");
    }

    private static string Structured(List<StatusEntry> entries, StatusFacts facts, bool verbose, string format)
    {
        var list = new JsonArray([.. entries.Select(e => e.Fields)]);
        JsonNode document = verbose ? new JsonObject { ["entries"] = list, ["state"] = facts.Documents } : list;
        return Listing.Structured(document, format);
    }
}
