using Ha.Core.Model;
using Ha.Simulator.Running;
using Ha.Simulator.Scenario;
using Ha.Testing;

namespace Ha.Simulator.Tests.Coverage;

/// <summary>What our stories together have done: all of them, run once.</summary>
public sealed class StoryCoverage
{
    private const string Executed = ": execute ";
    private const int FirstOfSimulatedGuests = 9000;

    /// <summary>Runs all stories of <c>tests/scenarios</c>.</summary>
    public StoryCoverage()
    {
        foreach (var folder in Directory.GetDirectories(Path.Combine(SharedReference.RepositoryRoot!, "tests", "scenarios")).Order(StringComparer.Ordinal))
            Add(ScenarioRun.Execute(ScenarioReader.Read(folder)));
    }

    internal SortedSet<int> LogIds { get; } = [];

    internal HashSet<Transition> Transitions { get; } = [];

    internal SortedSet<string> Commands { get; } = new(StringComparer.Ordinal);

    private void Add(RunResult run)
    {
        foreach (var line in run.Lines)
            Add(line);
        foreach (var line in run.Log.Split('\n'))
        {
            var start = line.IndexOf(Executed, StringComparison.Ordinal);
            if (start >= 0)
                Commands.UnionWith(CommandForm.Of(line[(start + Executed.Length)..]));
        }
    }

    private void Add(LogLine line)
    {
        if (line.Id >= FirstOfSimulatedGuests)
            return;
        LogIds.Add(line.Id);
        if (Transition.Of(line) is { } transition)
            Transitions.Add(transition);
    }
}
