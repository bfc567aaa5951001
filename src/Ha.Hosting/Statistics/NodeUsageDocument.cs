using System.Globalization;
using System.Text.Json;
using Ha.Core.Model;
using Ha.Core.Stores;

namespace Ha.Hosting.Statistics;

/// <summary>A node's usage as the JSON text that is stored below <see cref="DocumentKeys.Usage"/>.</summary>
public static class NodeUsageDocument
{
    /// <summary>Where a node's usage is.</summary>
    public static StoreKey KeyOf(NodeName node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return DocumentKeys.Usage.Child(node.Value);
    }

    /// <summary>Reads a stored text.</summary>
    /// <exception cref="DocumentException">Not JSON, or not a node's usage.</exception>
    public static NodeUsage Parse(ReadOnlyMemory<byte> text) =>
        Json.Parse<NodeUsage?>(text, "node usage", Read, null) ?? throw new DocumentException("node usage is empty");

    /// <summary>Writes the text to store: UTF-8, no white space, keys sorted.</summary>
    public static byte[] Write(NodeUsage usage)
    {
        ArgumentNullException.ThrowIfNull(usage);
        return Json.Write(json =>
        {
            json.WriteStartObject();
            if (usage.Cpu is { } cpu)
                json.WriteNumber("cpu", cpu);
            if (usage.Load is { } load)
                json.WriteNumber("load", load);
            json.WriteNumber("maxcpu", usage.MaxCpu);
            json.WriteNumber("maxmem", usage.MaxMemoryBytes);
            if (usage.MemoryBytes is { } memory)
                json.WriteNumber("mem", memory);
            json.WriteStartObject("pressure");
            foreach (var (what, percent) in usage.Pressure)
                json.WriteNumber(what, percent);
            json.WriteEndObject();
            json.WriteStartObject("services");
            foreach (var (id, service) in usage.Services)
                WriteService(json, id, service);
            json.WriteEndObject();
            if (usage.Timestamp is { } timestamp)
                json.WriteNumber("timestamp", timestamp);
            json.WriteEndObject();
        });
    }

    private static void WriteService(Utf8JsonWriter json, ResourceId id, ServiceUsage service)
    {
        json.WriteStartObject(id.Value);
        json.WriteNumber("cpu", service.Cpu);
        json.WriteNumber("mem", service.MemoryBytes);
        json.WriteEndObject();
    }

    private static NodeUsage Read(JsonElement root)
    {
        var services = new SortedList<ResourceId, ServiceUsage>();
        foreach (var entry in Json.Members(root, "services"))
        {
            Json.Expect(entry.Value, JsonValueKind.Object, $"services.{entry.Name}");
            services[Json.ResourceId(entry.Name)] = new ServiceUsage(Amount(entry.Value, "cpu") ?? 0, Bytes(entry.Value, "mem") ?? 0);
        }

        var pressure = new SortedList<string, double>(StringComparer.Ordinal);
        foreach (var entry in Json.Members(root, "pressure"))
            pressure[entry.Name] = Amount(entry.Name, Json.TextOf(entry.Value)) ?? 0;
        return new NodeUsage
        {
            MaxCpu = Amount(root, "maxcpu") ?? throw new DocumentException("no maxcpu"),
            MaxMemoryBytes = Bytes(root, "maxmem") ?? throw new DocumentException("no maxmem"),
            Cpu = Amount(root, "cpu"),
            MemoryBytes = Bytes(root, "mem"),
            Load = Amount(root, "load"),
            Pressure = pressure,
            Services = services,
            Timestamp = Json.Number(root, "timestamp"),
        };
    }

    private static ulong? Bytes(JsonElement owner, string name) => Amount(owner, name) is { } amount ? (ulong)Math.Min(amount, long.MaxValue) : null;

    private static double? Amount(JsonElement owner, string name) => Amount(name, Json.Text(owner, name));

    private static double? Amount(string name, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && number >= 0
            ? number
            : throw new DocumentException($"{name}: '{text}' is not an amount");
    }
}
