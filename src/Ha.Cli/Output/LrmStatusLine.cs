using System.Text.Json.Nodes;
using Ha.Core.Model;

namespace Ha.Cli.Output;

/// <summary>The line of one LRM.</summary>
internal static class LrmStatusLine
{
    public static StatusEntry Entry(StatusFacts facts, NodeName node, LrmStatus? status)
    {
        if (status?.Timestamp is not { } timestamp)
            return StatusReport.Entry("lrm", $"lrm:{node}", node, $"{node} (unable to read lrm status)");
        var fresh = Freshness.Of(timestamp, facts.Now);
        var text = $"{node} ({State(facts, node, status, fresh)}, {Watchdog(status, fresh)}, {Freshness.Show(timestamp, facts.Zone)})";
        return StatusReport.Entry("lrm", $"lrm:{node}", node, text, new KeyValuePair<string, JsonNode?>("timestamp", timestamp));
    }

    private static string State(StatusFacts facts, NodeName node, LrmStatus status, string fresh)
    {
        if (fresh != Freshness.Active)
            return status.Mode is LrmMode.Maintenance or LrmMode.Disarm ? $"{status.Mode.Word()} mode" : fresh;
        if (status.Mode != LrmMode.Active)
            return $"{status.Mode.Word()} mode";
        return status.State == LrmState.WaitForAgentLock && !HasActiveService(facts, node) ? "idle" : status.State?.Word() ?? "unknown";
    }

    private static string Watchdog(LrmStatus status, string fresh)
    {
        if (fresh == Freshness.Active && status.State is LrmState.Active or LrmState.Maintenance)
            return "watchdog active";
        return status.Mode == LrmMode.Disarm ? "watchdog released" : "watchdog standby";
    }

    private static bool HasActiveService(StatusFacts facts, NodeName node) =>
        facts.Manager is { } manager && manager.Services.Values.Any(s =>
            (s.Node == node || s.Target == node)
            && s.State is not (ServiceState.Stopped or ServiceState.Freeze or ServiceState.Error or ServiceState.RequestStart));
}
