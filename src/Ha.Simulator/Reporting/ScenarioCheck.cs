using System.Text;
using System.Text.Json;
using Ha.Simulator.Running;
using Ha.Simulator.Scenario;

namespace Ha.Simulator.Reporting;

/// <summary>What became of a checked scenario.</summary>
public enum Verdict
{
    /// <summary>Log and documents are as recorded.</summary>
    Passed,

    /// <summary>Something differs.</summary>
    Failed,

    /// <summary>It could not be run.</summary>
    Refused,
}

/// <summary>The report on one scenario.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Verdict">What became of it.</param>
/// <param name="Text">The differences, or why it could not be run; empty if it passed.</param>
/// <param name="VirtualSeconds">How long the run took in virtual time.</param>
/// <param name="Warnings">Remarks that are not part of the log.</param>
public sealed record ScenarioReport(string Folder, Verdict Verdict, string Text, long VirtualSeconds, IReadOnlyList<string> Warnings);

/// <summary>Runs a scenario and compares the outcome with what is recorded in its folder.</summary>
public static class ScenarioCheck
{
    /// <summary>The file with the expected log.</summary>
    public const string ExpectedLog = "log.expect";

    /// <summary>Runs and compares.</summary>
    /// <param name="folder">The scenario.</param>
    /// <param name="strict">Whether a run that ends in an error fails even if the log says so.</param>
    public static ScenarioReport Check(string folder, bool strict)
    {
        ArgumentNullException.ThrowIfNull(folder);
        try
        {
            var expectedLog = Path.Combine(folder, ExpectedLog);
            var story = ScenarioReader.Read(folder);
            if (!File.Exists(expectedLog))
                return Refusal(folder, $"{expectedLog}: the file is missing, expected the log to compare with; write it with 'ha-simulator log', read it, and keep it");
            var run = ScenarioRun.Execute(story);
            var differences = new List<string> { UnifiedDiff.Of(Encoding.UTF8.GetString(File.ReadAllBytes(expectedLog)), run.Log, expectedLog, $"{story.Name} (now)") };
            differences.AddRange(CompareFinal(folder, run));
            if (strict && run.Error is not null)
                differences.Add($"the run ended in an error: {run.Error}\n");
            var text = string.Concat(differences.Where(d => d.Length > 0).Select(d => d.EndsWith('\n') ? d : d + "\n"));
            return new ScenarioReport(folder, text.Length == 0 ? Verdict.Passed : Verdict.Failed, text, run.VirtualSeconds, run.Warnings);
        }
        catch (Exception e) when (e is ScenarioException or IOException or UnauthorizedAccessException)
        {
            return Refusal(folder, e.Message);
        }
        catch (InvalidOperationException e)
        {
            // A broken invariant is a bug of ours; here it is reported with its scenario, and the others go on.
            return new ScenarioReport(folder, Verdict.Failed, $"a bug: {e}\n", 0, []);
        }
    }

    private static ScenarioReport Refusal(string folder, string why) => new(folder, Verdict.Refused, why, 0, []);

    private static IReadOnlyList<string> CompareFinal(string folder, RunResult run)
    {
        var recorded = Path.Combine(folder, "final");
        if (!Directory.Exists(recorded))
            return [];
        try
        {
            return FinalComparison.Compare(Directory.GetFiles(recorded).ToDictionary(f => Path.GetFileName(f), File.ReadAllBytes, StringComparer.Ordinal), run.Final);
        }
        catch (JsonException e)
        {
            throw new ScenarioException($"{recorded}: expected strict JSON: {e.Message}", e);
        }
    }
}
