using Ha.Simulator.Running;
using Ha.Simulator.Scenario;

namespace Ha.Simulator.Commands;

/// <summary><c>ha-simulator log</c>: runs one scenario and prints its log, nothing else.</summary>
/// <param name="output">Where the log goes.</param>
/// <param name="errors">Where a refusal goes, in one line.</param>
public sealed class LogCommand(TextWriter output, TextWriter errors)
{
    /// <summary>Runs the scenario.</summary>
    /// <param name="folder">The scenario; it is not written to.</param>
    /// <param name="final">A folder for the documents at the end, made if it is missing; null: they are not wanted.</param>
    /// <param name="strict">Whether a run that ends in an error is a failure.</param>
    /// <returns>0: run; 1: ended in an error, and strict; 2: could not be run.</returns>
    public int Run(string folder, string? final, bool strict)
    {
        try
        {
            if (final is not null && IsInside(final, folder))
                throw new ScenarioException($"--final {final}: expected a folder outside the scenario, which is never written to");
            var run = ScenarioRun.Execute(ScenarioReader.Read(folder));
            output.Write(run.Log);
            foreach (var warning in run.Warnings)
                errors.WriteLine($"ha-simulator: {folder}: warning: {warning}");
            if (final is not null)
                WriteFinal(run, final);
            return strict && run.Error is not null ? ExitCodes.Different : ExitCodes.Done;
        }
        catch (Exception e) when (e is ScenarioException or IOException or UnauthorizedAccessException)
        {
            errors.WriteLine($"ha-simulator: {e.Message}");
            return ExitCodes.BadInput;
        }
    }

    private static void WriteFinal(RunResult run, string final)
    {
        Directory.CreateDirectory(final);
        foreach (var (name, text) in run.Final)
            File.WriteAllBytes(Path.Combine(final, name), text);
    }

    private static bool IsInside(string path, string folder) =>
        $"{Path.GetFullPath(path)}/".StartsWith($"{Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))}/", StringComparison.Ordinal);
}
