using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ha.Cli.Output;

/// <summary>YAML in block style with sorted keys. A text that could be read as anything else is quoted.</summary>
internal static partial class YamlText
{
    /// <summary>A whole document.</summary>
    public static string Document(JsonNode node)
    {
        var text = new StringBuilder("---\n");
        Write(text, node, "");
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonNode? node, string indent)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } members:
                foreach (var (key, value) in members.OrderBy(m => m.Key, StringComparer.Ordinal))
                    WriteValue(text.Append(text[^1] == '\n' ? indent : "").Append(Quote(key)).Append(':'), value, indent + "  ");
                break;
            case JsonArray { Count: > 0 } items:
                foreach (var item in items)
                {
                    text.Append(indent).Append("- ");
                    Write(text, item, indent + "  ");
                }

                break;
            default:
                text.Append(Scalar(node)).Append('\n');
                break;
        }
    }

    private static void WriteValue(StringBuilder text, JsonNode? value, string indent)
    {
        if (value is JsonObject { Count: > 0 } or JsonArray { Count: > 0 })
            text.Append('\n');
        else
            text.Append(' ');
        Write(text, value, indent);
    }

    private static string Scalar(JsonNode? node) => node switch
    {
        null => "~",
        JsonObject => "{}",
        JsonArray => "[]",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Quote(value.GetValue<string>()),
        _ => node.ToJsonString(),
    };

    private static string Quote(string text)
    {
        if (Plain().IsMatch(text) && !Special().IsMatch(text))
            return text;
        // Control characters have no form between single quotes.
        return text.Any(char.IsControl) ? JsonText.Compact(JsonValue.Create(text)) : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
    }

    [GeneratedRegex(@"\A[A-Za-z/_][A-Za-z0-9/_.-]*(?:[ :][A-Za-z0-9/_.(-][A-Za-z0-9/_.,()?!-]*)*\z")]
    private static partial Regex Plain();

    [GeneratedRegex(@"\A(?:true|false|yes|no|on|off|null|y|n)\z", RegexOptions.IgnoreCase)]
    private static partial Regex Special();
}
