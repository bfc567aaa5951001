using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;
using Ha.Simulator.Hardware;
using Ha.Simulator.Reporting;
using Ha.Simulator.Scenario;

namespace Ha.Simulator.Running;

/// <summary>How a run ended.</summary>
/// <param name="Log">The whole log.</param>
/// <param name="Error">The error that ended it; null if the story was told to its end.</param>
/// <param name="VirtualSeconds">The hardware's clock at the end.</param>
/// <param name="Final">The documents at the end: UTF-8 text by name, sorted.</param>
/// <param name="Warnings">Remarks that are not part of the log.</param>
/// <param name="Lines">The daemons' lines of the log, with their numbers, in order.</param>
public sealed record RunResult(
    string Log, string? Error, long VirtualSeconds, SortedDictionary<string, byte[]> Final, IReadOnlyList<string> Warnings, IReadOnlyList<LogLine> Lines);

/// <summary>Runs one scenario from its start to its end, in virtual time, on the calling thread.</summary>
public static class ScenarioRun
{
    /// <summary>Runs a story. The story's own tables change, so it can be run once.</summary>
    public static RunResult Execute(ScenarioStory story)
    {
        ArgumentNullException.ThrowIfNull(story);
        var cluster = new SimulatedCluster(story);
        cluster.Log.Hardware("hardware", "starting simulation");
        string? error = null;
        try
        {
            new MainLoop(cluster).Run();
            cluster.Log.Hardware("hardware", "exit simulation - done");
        }
        catch (Exception e) when (e is SimulationException or PlatformException or StoreException or DocumentException)
        {
            // The field's error texts end in a line feed, and a blank follows.
            error = e.Message;
            cluster.Log.Hardware("hardware", $"exit simulation - {error}\n ", "err");
        }

        return new RunResult(cluster.Log.Text, error, cluster.Clock.Now, FinalDocuments.Of(cluster), cluster.Warnings, cluster.Log.Lines);
    }
}
