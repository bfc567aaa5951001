using System.Text.Json;

namespace Ha.Simulator.Scenario;

/// <summary>One value of a scenario file's JSON, which knows where it stands.</summary>
/// <param name="File">The file's name, for messages.</param>
/// <param name="Line">Counts from 1.</param>
/// <param name="Column">In bytes, counts from 1.</param>
/// <param name="Kind">Which kind of value.</param>
/// <param name="Text">A text's content, or a number's or literal's spelling; empty for objects and arrays.</param>
public sealed record JsonValue(string File, int Line, int Column, JsonValueKind Kind, string Text)
{
    private static readonly IReadOnlyList<KeyValuePair<string, JsonValue>> NoMembers = [];
    private static readonly IReadOnlyList<JsonValue> NoItems = [];

    /// <summary>An object's members in the file's order; no name occurs twice.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonValue>> Members { get; init; } = NoMembers;

    /// <summary>An array's items.</summary>
    public IReadOnlyList<JsonValue> Items { get; init; } = NoItems;

    /// <summary>Whether it is true as the field sees it: neither null, false, 0, "0" nor empty text.</summary>
    public bool IsTruthy => Kind switch
    {
        JsonValueKind.True or JsonValueKind.Object or JsonValueKind.Array => true,
        JsonValueKind.Number => AsNumber() != 0,
        JsonValueKind.String => Text is not ("" or "0"),
        _ => false,
    };

    /// <summary>A member's value; null if there is none or it is <c>null</c>.</summary>
    public JsonValue? Find(string name)
    {
        foreach (var (key, value) in Members)
        {
            if (string.Equals(key, name, StringComparison.Ordinal))
                return value.Kind == JsonValueKind.Null ? null : value;
        }

        return null;
    }

    /// <summary>The members of what must be an object.</summary>
    /// <exception cref="ScenarioException">It is something else.</exception>
    public IReadOnlyList<KeyValuePair<string, JsonValue>> AsObject(string what) =>
        Kind == JsonValueKind.Object ? Members : throw Unexpected($"{what} as an object {{ … }}");

    /// <summary>The items of what must be an array.</summary>
    /// <exception cref="ScenarioException">It is something else.</exception>
    public IReadOnlyList<JsonValue> AsArray(string what) =>
        Kind == JsonValueKind.Array ? Items : throw Unexpected($"{what} as an array [ … ]");

    /// <summary>The content of what must be a text.</summary>
    /// <exception cref="ScenarioException">It is something else.</exception>
    public string AsText(string what) => Kind == JsonValueKind.String ? Text : throw Unexpected($"{what} as a text");

    /// <summary>A number, or a text that holds one.</summary>
    /// <exception cref="ScenarioException">It is something else.</exception>
    public double AsNumber() =>
        Kind is JsonValueKind.Number or JsonValueKind.String
        && double.TryParse(Text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Unexpected("a number");

    /// <summary>A text, number or literal as JSON text again; objects and arrays, which nothing reads there, as null.</summary>
    public string ToScalar() => Kind switch
    {
        JsonValueKind.String => Hardware.JsonText.Encode(Text),
        JsonValueKind.Object or JsonValueKind.Array => "null",
        _ => Text,
    };

    /// <summary>The complaint that something else was expected here.</summary>
    public ScenarioException Unexpected(string expected) => At($"found {Describe()}, expected {expected}");

    /// <summary>A complaint about this place.</summary>
    public ScenarioException At(string complaint) => new($"{File}:{Line}:{Column}: {complaint}");

    private string Describe() => Kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => $"\"{(Text.Length <= 40 ? Text : Text[..40] + "…")}\"",
        _ => Text,
    };
}
