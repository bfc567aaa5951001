using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ha.Simulator.Hardware;

/// <summary>Scalars as JSON text.</summary>
internal static class JsonText
{
    /// <summary>A text as JSON.</summary>
    public static string Encode(string value) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value)}\"";

    /// <summary>A text's content, or the spelling of a number or literal; null for null, objects and arrays.</summary>
    public static string? Decode(string json)
    {
        if (json is "null" || json[0] is '{' or '[')
            return null;
        if (json[0] != '"')
            return json;
        if (!json.Contains('\\', StringComparison.Ordinal))
            return json[1..^1];
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetString();
    }
}
