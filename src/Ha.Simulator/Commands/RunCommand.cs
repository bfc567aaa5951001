using System.Globalization;
using Ha.Simulator.Reporting;
using Ha.Simulator.Scenario;

namespace Ha.Simulator.Commands;

/// <summary><c>ha-simulator run</c>: runs scenarios in parallel, compares them with what is recorded, and sums up.</summary>
/// <param name="output">Where verdicts and differences go.</param>
/// <param name="errors">Where refusals go, one line each.</param>
/// <param name="time">Measures how long it took.</param>
public sealed class RunCommand(TextWriter output, TextWriter errors, TimeProvider time)
{
    /// <summary>Runs scenarios.</summary>
    /// <param name="folders">Scenario folders, or folders of them.</param>
    /// <param name="jobs">How many run at once; 1 or more.</param>
    /// <param name="strict">Whether a run that ends in an error fails.</param>
    /// <returns>0: all passed; 1: differences; 2: something could not be run.</returns>
    public int Run(IReadOnlyList<string> folders, int jobs, bool strict)
    {
        var start = time.GetTimestamp();
        List<string> scenarios;
        try
        {
            scenarios = [.. folders.SelectMany(Expand)];
        }
        catch (ScenarioException e)
        {
            errors.WriteLine($"ha-simulator: {e.Message}");
            return ExitCodes.BadInput;
        }

        var reports = new ScenarioReport[scenarios.Count];
        Parallel.For(0, scenarios.Count, new ParallelOptions { MaxDegreeOfParallelism = jobs }, i => reports[i] = ScenarioCheck.Check(scenarios[i], strict));
        foreach (var report in reports)
            Write(report);
        return SumUp(reports, time.GetElapsedTime(start));
    }

    private static IEnumerable<string> Expand(string folder)
    {
        if (!Directory.Exists(folder))
            throw new ScenarioException($"testdir '{folder}' does not exist or is not a directory!");
        if (File.Exists(Path.Combine(folder, ScenarioReader.CommandFile)))
            return [folder];
        var inside = Directory.GetDirectories(folder).Where(d => File.Exists(Path.Combine(d, ScenarioReader.CommandFile))).Order(StringComparer.Ordinal).ToList();
        return inside.Count > 0 ? inside : throw new ScenarioException($"{folder}: no scenario: expected a '{ScenarioReader.CommandFile}' in it or in its folders");
    }

    private void Write(ScenarioReport report)
    {
        foreach (var warning in report.Warnings)
            errors.WriteLine($"ha-simulator: {report.Folder}: warning: {warning}");
        switch (report.Verdict)
        {
            case Verdict.Passed:
                output.Write($"pass    {report.Folder}\n");
                break;
            case Verdict.Failed:
                output.Write($"FAIL    {report.Folder}\n{report.Text}");
                break;
            case Verdict.Refused:
                output.Write($"refuse  {report.Folder}\n");
                errors.WriteLine($"ha-simulator: {report.Text}");
                break;
        }
    }

    private int SumUp(ScenarioReport[] reports, TimeSpan wall)
    {
        int Count(Verdict verdict) => reports.Count(r => r.Verdict == verdict);
        output.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{Count(Verdict.Passed)} passed, {Count(Verdict.Failed)} failed, {Count(Verdict.Refused)} not run; {reports.Sum(r => r.VirtualSeconds)} virtual seconds in {wall.TotalSeconds:0.00} s\n"));
        return Count(Verdict.Refused) > 0 ? ExitCodes.BadInput : Count(Verdict.Failed) > 0 ? ExitCodes.Different : ExitCodes.Done;
    }
}
