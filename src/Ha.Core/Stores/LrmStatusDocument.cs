using System.Collections.Immutable;
using System.Text.Json;
using Ha.Core.Model;

namespace Ha.Core.Stores;

/// <summary>An LRM's status as the JSON text that is stored.</summary>
public static class LrmStatusDocument
{
    private static readonly LrmStatus EmptyText = new() { Mode = LrmMode.Active };

    /// <summary>Reads a stored text; an empty one is an active LRM without results.</summary>
    /// <exception cref="DocumentException">Not JSON, or not an LRM status.</exception>
    public static LrmStatus Parse(ReadOnlyMemory<byte> text) => Json.Parse(text, "lrm status", Read, EmptyText);

    /// <summary>Writes the text to store: UTF-8, no white space, keys sorted.</summary>
    public static byte[] Write(LrmStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        return Json.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("mode", status.Mode.Word());
            json.WriteStartObject("results");
            foreach (var (uid, result) in status.Results)
            {
                json.WriteStartObject(uid);
                json.WriteNumber("exit_code", result.ExitCode);
                json.WriteString("sid", result.Service.Value);
                json.WriteString("state", result.State);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            if (status.State is { } state)
                json.WriteString("state", state.Word());
            if (status.Timestamp is { } timestamp)
                json.WriteNumber("timestamp", timestamp);
            json.WriteEndObject();
        });
    }

    private static LrmStatus Read(JsonElement root)
    {
        var results = ImmutableSortedDictionary.CreateBuilder<string, JobResult>(StringComparer.Ordinal);
        foreach (var entry in Json.Members(root, "results"))
        {
            Json.Expect(entry.Value, JsonValueKind.Object, $"results.{entry.Name}");
            results[entry.Name] = new JobResult(
                Json.ResourceId(Json.Text(entry.Value, "sid") ?? ""),
                Json.Text(entry.Value, "state") ?? "",
                (int)(Json.Number(entry.Value, "exit_code") ?? throw new DocumentException($"results.{entry.Name}: no exit_code")));
        }

        return new LrmStatus
        {
            State = StateWords.ParseLrmState(Json.Text(root, "state")),
            Mode = Json.Text(root, "mode") switch
            {
                null or "" => LrmMode.Active,
                var word => StateWords.ParseLrmMode(word) ?? throw new DocumentException($"unknown lrm mode '{word}'"),
            },
            Timestamp = Json.Number(root, "timestamp"),
            Results = results.ToImmutable(),
        };
    }
}
