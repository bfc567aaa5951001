using System.Text.Json;
using Ha.Core.Model;
using Ha.Core.Stores;

namespace Ha.Hosting.Membership;

/// <summary>What a daemon announces: which process, on which machine, claims a node's name.</summary>
/// <param name="Key">The announcement's key.</param>
/// <param name="Host">The machine's host name, for people.</param>
/// <param name="ProcessId">The process id on that machine, for people.</param>
/// <param name="Incarnation">Random per process start.</param>
public sealed record PresenceClaim(StoreKey Key, string Host, int ProcessId, Guid Incarnation)
{
    /// <summary>The claim of this process.</summary>
    /// <param name="node">The node.</param>
    /// <param name="daemon"><c>crm</c> or <c>lrm</c>.</param>
    /// <param name="incarnation">Drawn at process start.</param>
    public static PresenceClaim Own(NodeName node, string daemon, Guid incarnation) =>
        new(PresenceKeys.Of(node, daemon), Environment.MachineName, Environment.ProcessId, incarnation);

    /// <summary>Reads an announcement.</summary>
    /// <exception cref="DocumentException">Not JSON.</exception>
    public static PresenceClaim Parse(StoreKey key, ReadOnlyMemory<byte> text)
    {
        var unknown = new PresenceClaim(key, "unknown host", 0, Guid.Empty);
        return Json.Parse(text, "presence", root => Read(key, root), unknown);
    }

    /// <summary>Writes the bytes to announce.</summary>
    public byte[] Write() => Json.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("host", Host);
        json.WriteString("incarnation", Incarnation);
        json.WriteNumber("pid", ProcessId);
        json.WriteEndObject();
    });

    private static PresenceClaim Read(StoreKey key, JsonElement root) => new(
        key,
        Json.Text(root, "host") ?? "unknown host",
        (int)(Json.Number(root, "pid") ?? 0),
        Guid.TryParse(Json.Text(root, "incarnation"), out var incarnation) ? incarnation : Guid.Empty);
}
