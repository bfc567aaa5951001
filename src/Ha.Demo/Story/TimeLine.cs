using System.Globalization;

namespace Ha.Demo.Story;

/// <summary>The time line of a failover, for people. Pure.</summary>
internal static class TimeLine
{
    /// <summary>How soon the first service should have started elsewhere.</summary>
    public static readonly TimeSpan Goal = TimeSpan.FromSeconds(12);

    /// <summary>The lines, in the order of time.</summary>
    public static IEnumerable<string> Of(Failover failover)
    {
        var fault = failover.Fault;
        var what = fault.Kind == FaultKind.Freeze ? "daemons frozen, services still running" : "all processes killed";
        yield return $"{fault.Node}{(fault.WasMaster ? " (the master)" : "")}: {what}; it ran {string.Join(", ", fault.Services)}";
        yield return Line(TimeSpan.Zero, "fault");
        foreach (var (milestone, at) in failover.Reached.OrderBy(r => r.Value).ThenBy(r => r.Key))
            yield return Line(at - fault.At, Words(milestone, failover));
        if (failover.FirstStartAfter is { } first)
            yield return $"  failover time {Seconds(first)} s from the fault to the first start elsewhere (goal: at most {Goal.TotalSeconds:0} s{(first > Goal ? ", missed" : "")})";
    }

    /// <summary>A duration in seconds with two decimals.</summary>
    public static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Line(TimeSpan after, string what) => $"  {"+" + Seconds(after),8} s  {what}";

    private static string Words(Milestone milestone, Failover failover) => milestone switch
    {
        Milestone.NodeReset => failover.Fault.Kind == FaultKind.Freeze ? "node reset by its watchdog, its services are gone with it" : "node gone",
        Milestone.NewMaster => $"new master{(failover.Successor is { } node ? $": {node}" : "")}",
        Milestone.LockExpired => "the node's lock expired",
        Milestone.Fenced => "fenced: the master holds the node's lock",
        Milestone.Recovered => "recovered: each service has a new home",
        Milestone.FirstStart => "first service started elsewhere (by its journal)",
        Milestone.AllRunning => "all services running elsewhere (by their journals)",
    };
}
