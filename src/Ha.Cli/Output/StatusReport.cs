using System.Text.Json.Nodes;
using Ha.Core.Model;

namespace Ha.Cli.Output;

/// <summary>One line of the status.</summary>
/// <param name="Type"><c>quorum</c>, <c>master</c>, <c>fencing</c>, <c>lrm</c> or <c>service</c>.</param>
/// <param name="Status">The text.</param>
/// <param name="Fields">Everything programs want to know, for the structured formats.</param>
internal sealed record StatusEntry(string Type, string Status, JsonObject Fields);

/// <summary>Makes the entries of the status from what was read. Pure.</summary>
internal static class StatusReport
{
    /// <summary>All entries in their fixed order.</summary>
    public static IEnumerable<StatusEntry> Entries(StatusFacts facts)
    {
        yield return Quorum(facts);
        if (facts.Manager is { MasterNode: { } master, Timestamp: { } timestamp } manager)
            yield return Master(facts, manager, master, timestamp);
        yield return Fencing(facts);
        foreach (var (node, status) in facts.Lrms)
            yield return LrmStatusLine.Entry(facts, node, status);
        foreach (var entry in ServiceStatusLine.Entries(facts))
            yield return entry;
    }

    /// <summary>An entry with the fields that all have.</summary>
    public static StatusEntry Entry(string type, string id, NodeName? node, string status, params IEnumerable<KeyValuePair<string, JsonNode?>> more)
    {
        var fields = new JsonObject(more) { ["id"] = id, ["type"] = type, ["status"] = status };
        if (node is { } known)
            fields["node"] = known.Value;
        return new(type, status, fields);
    }

    private static StatusEntry Quorum(StatusFacts facts) => Entry(
        "quorum", "quorum", facts.LocalNode, facts.Quorate ? "OK" : $"No quorum on node '{facts.LocalNode}'!", new KeyValuePair<string, JsonNode?>("quorate", facts.Quorate ? 1 : 0));

    private static StatusEntry Master(StatusFacts facts, ManagerStatus manager, NodeName master, long timestamp)
    {
        var fresh = Freshness.Of(timestamp, facts.Now);
        var state = facts.Quorate && fresh != Freshness.Active && facts.Resources.Resources.Count == 0 ? "idle" : fresh;
        var disarm = manager.Disarm is { } d ? $" - {d.State}, resource mode: {d.Mode}" : "";
        var scheduler = facts.Datacenter.SchedulerMode == "basic" ? "" : $" - {facts.Datacenter.SchedulerMode} load CRS";
        var text = $"{master} ({state}, {Freshness.Show(timestamp, facts.Zone)}){disarm}{scheduler}";
        return Entry("master", "master", master, text, new KeyValuePair<string, JsonNode?>("timestamp", timestamp));
    }

    private static StatusEntry Fencing(StatusFacts facts)
    {
        var (manager, node) = (facts.Manager, facts.Manager?.MasterNode ?? facts.LocalNode);
        if (manager is null)
            return Entry("fencing", "fencing", node, "unknown (the manager status is damaged)", Armed("unknown"));
        if (manager.Disarm is { } disarm)
        {
            var watchdog = disarm.IsComplete ? "released" : "active";
            return Entry(
                "fencing", "fencing", node, $"{disarm.State}, resource mode: {disarm.Mode} (CRM watchdog {watchdog})", Armed(disarm.State), new("resource_mode", disarm.Mode));
        }

        var armed = manager is { MasterNode: not null, Timestamp: { } timestamp } && Freshness.Of(timestamp, facts.Now) == Freshness.Active;
        return Entry(
            "fencing", "fencing", node, armed ? "armed (CRM watchdog active)" : "standby (CRM watchdog standby)", Armed(armed ? "armed" : "standby"));
    }

    private static KeyValuePair<string, JsonNode?> Armed(string state) => new("armed-state", state);
}
