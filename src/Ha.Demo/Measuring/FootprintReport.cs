using System.Globalization;
using Ha.LocalCluster.Measuring;

namespace Ha.Demo.Measuring;

/// <summary>What was measured, in words. Pure.</summary>
internal static class FootprintReport
{
    private const double KiBPerMiB = 1024;

    /// <summary>The lines; CRM, LRM and multiplexer of each node are summed up.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<Footprint> footprints, TimeSpan interval)
    {
        foreach (var node in footprints.GroupBy(f => f.Node))
        {
            foreach (var one in node)
                yield return Line($"{one.Node}/{one.Program}", [one], interval);
            yield return Line($"{node.Key} crm+lrm+mux", [.. node.Where(f => f.Program is "crm" or "lrm" or "mux")], interval)
                + "  (goal: at most 150 MiB resident, below 2 % of a core)";
        }
    }

    private static string Line(string name, IReadOnlyList<Footprint> parts, TimeSpan interval) => string.Create(
        CultureInfo.InvariantCulture,
        $"  {name,-18} {parts.Sum(p => p.ResidentKiB) / KiBPerMiB,6:0.0} MiB resident, {parts.Sum(p => p.ProportionalKiB) / KiBPerMiB,6:0.0} MiB proportional, {Percent(parts.Select(p => p.Processor), interval),5:0.00} % of a core, and {Percent(parts.Select(p => p.Children), interval),5:0.00} % for commands it started");

    private static double Percent(IEnumerable<TimeSpan> used, TimeSpan interval) => 100 * used.Sum(u => u.TotalSeconds) / interval.TotalSeconds;
}
