using System.Text;
using System.Text.Json;

namespace Ha.Simulator.Scenario;

/// <summary>Reads strict JSON (no comments, no trailing commas, no name twice in an object) into values that know their place.</summary>
public static class JsonFile
{
    /// <summary>Reads a whole file's text.</summary>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="text">UTF-8.</param>
    /// <exception cref="ScenarioException">Not JSON, or a name occurs twice in one object.</exception>
    public static JsonValue Parse(string file, ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("\uFEFF"u8))
            text = text[3..];
        try
        {
            var reader = new Utf8JsonReader(text);
            reader.Read();
            var value = Read(ref reader, new Places(file, text));
            if (reader.Read())
                throw new JsonException("text follows the value");
            return value;
        }
        catch (JsonException e)
        {
            throw new ScenarioException($"{file}:{(e.LineNumber ?? 0) + 1}:{(e.BytePositionInLine ?? 0) + 1}: expected strict JSON: {Short(e.Message)}", e);
        }
        catch (Exception e) when (e is DecoderFallbackException or InvalidOperationException)
        {
            throw new ScenarioException($"{file}:1:1: expected UTF-8 text", e);
        }
    }

    private static JsonValue Read(ref Utf8JsonReader reader, Places places)
    {
        var (line, column) = places.Of((int)reader.TokenStartIndex);
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => new JsonValue(places.File, line, column, JsonValueKind.Object, "") { Members = ReadMembers(ref reader, places) },
            JsonTokenType.StartArray => new JsonValue(places.File, line, column, JsonValueKind.Array, "") { Items = ReadItems(ref reader, places) },
            JsonTokenType.String => new JsonValue(places.File, line, column, JsonValueKind.String, reader.GetString()!),
            JsonTokenType.Number => new JsonValue(places.File, line, column, JsonValueKind.Number, Encoding.UTF8.GetString(reader.ValueSpan)),
            JsonTokenType.True => new JsonValue(places.File, line, column, JsonValueKind.True, "true"),
            JsonTokenType.False => new JsonValue(places.File, line, column, JsonValueKind.False, "false"),
            _ => new JsonValue(places.File, line, column, JsonValueKind.Null, "null"),
        };
    }

    private static List<KeyValuePair<string, JsonValue>> ReadMembers(ref Utf8JsonReader reader, Places places)
    {
        var members = new List<KeyValuePair<string, JsonValue>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            var (line, column) = places.Of((int)reader.TokenStartIndex);
            if (members.Exists(m => string.Equals(m.Key, name, StringComparison.Ordinal)))
                throw new ScenarioException($"{places.File}:{line}:{column}: found \"{name}\" for the second time, expected each name once");
            reader.Read();
            members.Add(new(name, Read(ref reader, places)));
        }

        return members;
    }

    private static List<JsonValue> ReadItems(ref Utf8JsonReader reader, Places places)
    {
        var items = new List<JsonValue>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(Read(ref reader, places));
        return items;
    }

    // The parser appends its own place, counted from 0, which would contradict ours.
    private static string Short(string message)
    {
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }

    private sealed class Places
    {
        private readonly List<int> _lineStarts = [0];

        public Places(string file, ReadOnlySpan<byte> text)
        {
            File = file;
            for (var i = 0; i < text.Length; i++)
            {
                if (text[i] == '\n')
                    _lineStarts.Add(i + 1);
            }
        }

        public string File { get; }

        public (int Line, int Column) Of(int index)
        {
            var found = _lineStarts.BinarySearch(index);
            var line = found >= 0 ? found : ~found - 1;
            return (line + 1, index - _lineStarts[line] + 1);
        }
    }
}
