using System.Text.Json.Nodes;
using Ha.Core.Config;
using Ha.Core.Model;

namespace Ha.Cli.Output;

/// <summary>The lines of the services: first those the manager knows, then those that are only configured.</summary>
internal static class ServiceStatusLine
{
    public static IEnumerable<StatusEntry> Entries(StatusFacts facts)
    {
        var known = facts.Manager?.Services ?? [];
        foreach (var (id, record) in known)
            yield return Entry(facts, id, record);
        foreach (var id in facts.Resources.Resources.Keys.Where(id => !known.ContainsKey(id)))
            yield return Entry(facts, id, null);
    }

    /// <summary>The state as people see it, from what the manager remembers and what is configured.</summary>
    public static string StateOf(Disarm? disarm, ServiceRecord? record, ResourceSettings? settings)
    {
        if (disarm?.Mode == "ignore")
            return "ignore";
        return (record?.State, settings) switch
        {
            (_, null) => "deleting",
            (_, { State: WantedState.Ignored }) => "ignored",
            (_, { Node: null }) => "not found",
            (null, _) => "queued",
            (ServiceState.Stopped, { State: WantedState.Started }) => "starting",
            (ServiceState.Stopped, { State: WantedState.Disabled }) => "disabled",
            (ServiceState.Started, _) when !record!.Running => "starting",
            (ServiceState.Started, { State: WantedState.Stopped or WantedState.Disabled }) => "stopping",
            (ServiceState.Error, { State: WantedState.Disabled }) => "clearing error flag",
            ({ } state, _) => state.Word(),
        };
    }

    private static StatusEntry Entry(StatusFacts facts, ResourceId id, ServiceRecord? record)
    {
        var settings = facts.Resources.Find(id);
        var state = facts.Manager is null ? "unknown" : StateOf(facts.Manager.Disarm, record, settings);
        var node = record is null ? settings?.Node : record.Node;
        var entry = StatusReport.Entry("service", $"service:{id}", node, $"{id} ({node?.Value ?? "---"}, {state})");
        entry.Fields["sid"] = id.Value;
        entry.Fields["state"] = state;
        if (record is not null)
            entry.Fields["crm_state"] = record.State.Word();
        if (settings is not null)
            AddSettings(entry.Fields, settings, facts.Configured.Find(id.Value));
        return entry;
    }

    private static void AddSettings(JsonObject fields, ResourceSettings settings, ConfigSection? section)
    {
        fields["request_state"] = settings.State.Word();
        fields["failback"] = settings.Failback ? 1 : 0;
        fields["max_restart"] = settings.MaxRestart;
        fields["max_relocate"] = settings.MaxRelocate;
        if (settings.Group is { } group)
            fields["group"] = group;
        if (section?["comment"] is { } comment)
            fields["comment"] = comment;
    }
}
