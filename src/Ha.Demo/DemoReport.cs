using System.Globalization;
using Ha.Demo.Measuring;
using Ha.Demo.Story;
using Ha.LocalCluster;
using Ha.LocalCluster.Journals;
using Ha.LocalCluster.Measuring;
using Ha.LocalCluster.Observing;
using Ha.LocalCluster.Processes;

namespace Ha.Demo;

/// <summary>What came out, in words.</summary>
internal static class DemoReport
{
    /// <summary>The time lines, the proof, and what was measured.</summary>
    /// <exception cref="LocalClusterException">A service ran twice.</exception>
    public static IEnumerable<string> Of(IReadOnlyList<Failover> failovers, Observation seen, IReadOnlyList<Footprint> footprints, TimeSpan elapsed)
    {
        foreach (var failover in failovers)
        {
            yield return "";
            foreach (var line in TimeLine.Of(failover))
                yield return line;
        }

        if (footprints.Count > 0)
            yield return "";
        foreach (var line in FootprintReport.Of(footprints, FootprintMeter.Interval))
            yield return line;
        var overlaps = seen.Runs.Values.SelectMany(Overlap.Find).ToList();
        if (overlaps.Count > 0)
            throw new LocalClusterException(string.Join('\n', overlaps));
        yield return "";
        yield return $"{seen.Runs.Count} services, {seen.Runs.Values.Sum(r => r.Count)} processes by their journals: none ever ran twice";
        yield return $"all services run again, {elapsed.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s after the first node's start";
    }

    /// <summary>How to talk to a cluster that was left running.</summary>
    public static IEnumerable<string> HowToGoOn(ClusterFolder folder) =>
    [
        "",
        "the cluster goes on (nodes that were dead start again); to talk to it:",
        $"  ./ha manager status --store {folder.Store}",
        $"  ./ha manager migrate {Services.All[0].Id} node3 --store {folder.Store}",
        $"  tail -f {folder.Path}/node*.log {folder.Journals}/*.journal",
        "to end it:",
        $"  sh {folder.End}",
    ];
}
