using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ha.Cli.Output;

/// <summary>JSON as this command line writes it: keys sorted, and nothing escaped but quotes, backslashes and control characters.</summary>
internal static class JsonText
{
    /// <summary>On one line, without blanks.</summary>
    public static string Compact(JsonNode? node) => Write(new StringBuilder(), node, null).ToString();

    /// <summary>One member a line, indented by three spaces a level.</summary>
    public static string Pretty(JsonNode? node) => Write(new StringBuilder(), node, 0).ToString();

    private static StringBuilder Write(StringBuilder text, JsonNode? node, int? level) => node switch
    {
        JsonObject members => WriteMembers(text, '{', '}', level, members.OrderBy(m => m.Key, StringComparer.Ordinal), (m, inner) =>
            Write(WriteText(text, m.Key).Append(level is null ? ":" : " : "), m.Value, inner)),
        JsonArray items => WriteMembers(text, '[', ']', level, items, (item, inner) => Write(text, item, inner)),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => WriteText(text, value.GetValue<string>()),
        null => text.Append("null"),
        _ => text.Append(node.ToJsonString()),
    };

    private static StringBuilder WriteMembers<T>(StringBuilder text, char open, char close, int? level, IEnumerable<T> members, Action<T, int?> write)
    {
        text.Append(open);
        var first = true;
        foreach (var member in members)
        {
            if (!first)
                text.Append(',');
            first = false;
            Break(text, level + 1);
            write(member, level + 1);
        }

        if (!first)
            Break(text, level);
        return text.Append(close);
    }

    private static void Break(StringBuilder text, int? level)
    {
        if (level is { } depth)
            text.Append('\n').Append(' ', 3 * depth);
    }

    private static StringBuilder WriteText(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append($"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        return text.Append('"');
    }
}
