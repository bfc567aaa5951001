using System.Collections.Immutable;
using System.Text.Json;
using Ha.Core.Model;

namespace Ha.Core.Stores;

/// <summary>The manager status as the JSON text that is stored.</summary>
public static class ManagerStatusDocument
{
    private const int UsualRecordBytes = 160;

    private static readonly ImmutableSortedDictionary<string, string> NothingUnknown = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Reads a stored text; an empty one is the empty status.</summary>
    /// <exception cref="DocumentException">Not JSON, or not a manager status.</exception>
    public static ManagerStatus Parse(ReadOnlyMemory<byte> text) => Json.Parse(text, "manager status", Read, ManagerStatus.Empty);

    /// <summary>Writes the text to store: UTF-8, no white space, keys sorted.</summary>
    public static byte[] Write(ManagerStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        return Json.Write(json =>
        {
            json.WriteStartObject();
            if (status.Disarm is { } disarm)
            {
                json.WriteStartObject("disarm");
                json.WriteString("mode", disarm.Mode);
                json.WriteString("state", disarm.State);
                json.WriteEndObject();
            }

            if (status.MasterNode is { } master)
                json.WriteString("master_node", master.Value);
            if (!status.Requests.IsEmpty)
            {
                json.WriteStartObject("node_request");
                foreach (var (node, request) in status.Requests)
                {
                    json.WriteStartObject(node.Value);
                    if (request.Maintenance)
                        json.WriteNumber("maintenance", 1);
                    json.WriteEndObject();
                }

                json.WriteEndObject();
            }

            json.WriteStartObject("node_status");
            foreach (var (node, state) in status.Nodes.OrderBy(n => n.Key))
                json.WriteString(node.Value, state.Word());
            json.WriteEndObject();
            json.WriteStartObject("service_status");
            foreach (var (id, record) in status.Services)
                WriteRecord(json, id, record);
            json.WriteEndObject();
            if (status.Timestamp is { } timestamp)
                json.WriteNumber("timestamp", timestamp);
            json.WriteEndObject();
        }, 512 + (status.Services.Count * UsualRecordBytes));
    }

    private static void WriteRecord(Utf8JsonWriter json, ResourceId id, ServiceRecord record)
    {
        json.WriteStartObject(id.Value);
        if (record.Command is { } command)
        {
            json.WriteStartArray("cmd");
            json.WriteStringValue(command.Word);
            json.WriteStringValue(command.Argument);
            json.WriteEndArray();
        }

        if (record.FailedNodes is { } failed)
        {
            json.WriteStartArray("failed_nodes");
            foreach (var node in failed)
                json.WriteStringValue(node.Value);
            json.WriteEndArray();
        }

        if (record.MaintenanceNode is { } maintenance)
            json.WriteString("maintenance_node", maintenance.Value);
        if (record.Node is { } current)
            json.WriteString("node", current.Value);
        if (record.Running)
            json.WriteNumber("running", 1);
        json.WriteString("state", record.State.Word());
        if (record.Target is { } target)
            json.WriteString("target", target.Value);
        if (record.Timeout is { } timeout)
            json.WriteString("timeout", timeout);
        if (record.Uid is { } uid)
            json.WriteString("uid", uid);
        foreach (var (key, value) in record.Unknown ?? NothingUnknown)
        {
            json.WritePropertyName(key);
            json.WriteRawValue(value);
        }

        json.WriteEndObject();
    }

    private static ManagerStatus Read(JsonElement root)
    {
        var services = new SortedList<ResourceId, ServiceRecord>();
        foreach (var entry in Json.Members(root, "service_status"))
            services.Add(Json.ResourceId(entry.Name), ReadRecord(entry.Name, entry.Value));
        return new ManagerStatus
        {
            MasterNode = Json.Node(root, "master_node"),
            Timestamp = Json.Number(root, "timestamp"),
            Nodes = Json.Members(root, "node_status").ToImmutableSortedDictionary(
                n => Json.NodeName(n.Name),
                n => StateWords.ParseNodeState(n.Value.GetString()) ?? throw new DocumentException($"node_status.{n.Name}: unknown node state '{n.Value}'")),
            Services = services,
            Requests = Json.Members(root, "node_request").ToImmutableSortedDictionary(
                n => Json.NodeName(n.Name), n => new NodeRequest(n.Value.ValueKind == JsonValueKind.Object && Json.IsTruthy(n.Value, "maintenance"))),
            Disarm = root.TryGetProperty("disarm", out var disarm) && disarm.ValueKind == JsonValueKind.Object
                ? new Disarm(Json.Text(disarm, "mode") ?? "unknown", Json.Text(disarm, "state") ?? "unknown")
                : null,
        };
    }

    private static ServiceRecord ReadRecord(string id, JsonElement entry)
    {
        Json.Expect(entry, JsonValueKind.Object, $"service_status.{id}");
        return new ServiceRecord
        {
            State = StateWords.ParseServiceState(Json.Text(entry, "state"))
                ?? throw new DocumentException($"service_status.{id}.state: unknown service state '{Json.Text(entry, "state")}'"),
            Node = Json.Node(entry, "node"),
            Uid = Json.Text(entry, "uid"),
            Target = Json.Node(entry, "target"),
            Timeout = Json.Text(entry, "timeout"),
            Command = entry.TryGetProperty("cmd", out var command) ? ReadCommand(command) : null,
            Running = Json.IsTruthy(entry, "running"),
            FailedNodes = entry.TryGetProperty("failed_nodes", out var failed) ? ReadNodes(failed) : null,
            MaintenanceNode = Json.Node(entry, "maintenance_node"),
            Unknown = ReadUnknown(entry),
        };
    }

    private static ImmutableSortedDictionary<string, string>? ReadUnknown(JsonElement entry)
    {
        ImmutableSortedDictionary<string, string>? unknown = null;
        foreach (var member in entry.EnumerateObject())
        {
            if (member.Name is not ("state" or "node" or "uid" or "target" or "timeout" or "cmd" or "running" or "failed_nodes" or "maintenance_node"))
                unknown = (unknown ?? NothingUnknown).SetItem(member.Name, member.Value.GetRawText());
        }

        return unknown;
    }

    private static QueuedCommand? ReadCommand(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0
            ? new QueuedCommand(Json.TextOf(value[0]) ?? "", value.GetArrayLength() > 1 ? Json.TextOf(value[1]) ?? "" : "")
            : null;

    private static ImmutableArray<NodeName>? ReadNodes(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(n => Json.NodeName(n.GetString() ?? ""))] : null;
}
