using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ha.Core.Model;

namespace Ha.Core.Stores;

/// <summary>A stored document is not what it should be.</summary>
/// <param name="message">Where and what; one line.</param>
/// <param name="cause">The parser's failure, if any.</param>
public sealed class DocumentException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>How our documents read and write JSON: numbers may be texts, truth follows the field's habits, failures name the place.</summary>
public static class Json
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Parses a document; white space alone, or nothing, gives <paramref name="empty"/>.</summary>
    /// <exception cref="DocumentException">Not JSON, or <paramref name="read"/> did not accept it.</exception>
    public static T Parse<T>(ReadOnlyMemory<byte> text, string what, Func<JsonElement, T> read, T empty)
    {
        ArgumentNullException.ThrowIfNull(read);
        if (text.Span.TrimStart(" \t\r\n"u8).IsEmpty)
            return empty;
        try
        {
            using var document = JsonDocument.Parse(text);
            Expect(document.RootElement, JsonValueKind.Object, what);
            return read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new DocumentException($"{what} is not JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}", e);
        }
        catch (DocumentException e) when (!e.Message.StartsWith(what, StringComparison.Ordinal))
        {
            throw new DocumentException($"{what} is damaged: {e.Message}", e);
        }
    }

    /// <summary>Writes a document as UTF-8 without white space.</summary>
    /// <param name="body">Writes its content.</param>
    /// <param name="sizeHint">About how many bytes there will be; a buffer that large need not be copied while it grows.</param>
    public static byte[] Write(Action<Utf8JsonWriter> body, int sizeHint = 512)
    {
        ArgumentNullException.ThrowIfNull(body);
        using var buffer = new PooledText(sizeHint);
        using (var json = new Utf8JsonWriter(buffer, Compact))
            body(json);
        return buffer.ToArray();
    }

    /// <summary>The members of an object-valued property; none if it is missing or null.</summary>
    public static IEnumerable<JsonProperty> Members(JsonElement owner, string name)
    {
        if (!owner.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return [];
        Expect(value, JsonValueKind.Object, name);
        return value.EnumerateObject();
    }

    /// <summary>A text, or a number or boolean as text; null if missing or null.</summary>
    public static string? Text(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) ? TextOf(value) : null;

    /// <summary>The element as text; null for null, objects and arrays.</summary>
    public static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => null,
    };

    /// <summary>A whole number, also written as text or with a fraction; null if missing.</summary>
    /// <exception cref="DocumentException">Not a number.</exception>
    public static long? Number(JsonElement owner, string name) => Text(owner, name) switch
    {
        null or "" => null,
        var text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? (long)number
            : throw new DocumentException($"{name}: '{text}' is not a number"),
    };

    /// <summary>Whether a property is true as the field sees it: present and neither null, false, 0, "0" nor empty.</summary>
    public static bool IsTruthy(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) && IsTrue(value);

    /// <summary>Whether an element is true as the field sees it.</summary>
    public static bool IsTrue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined or JsonValueKind.False => false,
        JsonValueKind.True or JsonValueKind.Object or JsonValueKind.Array => true,
        JsonValueKind.Number => value.GetDouble() != 0,
        JsonValueKind.String => value.GetString() is not ("" or "0"),
        _ => false,
    };

    /// <summary>A node name; null if missing or empty.</summary>
    public static NodeName? Node(JsonElement owner, string name) => Text(owner, name) is { Length: > 0 } text ? NodeName(text) : null;

    /// <summary>A text that must be a node name.</summary>
    /// <exception cref="DocumentException">It is not.</exception>
    public static NodeName NodeName(string text) =>
        Model.NodeName.TryParse(text, out var name) ? name : throw new DocumentException($"'{text}' is not a node name");

    /// <summary>A text that must be a resource id.</summary>
    /// <exception cref="DocumentException">It is not.</exception>
    public static ResourceId ResourceId(string text) =>
        Model.ResourceId.TryParse(text, out var id) ? id : throw new DocumentException($"unable to parse service id '{text}'");

    /// <summary>Demands a kind of element.</summary>
    /// <exception cref="DocumentException">It is another.</exception>
    public static void Expect(JsonElement value, JsonValueKind kind, string where)
    {
        if (value.ValueKind != kind)
            throw new DocumentException($"{where} is not {Article(kind)}: {Shorten(value.GetRawText())}");
    }

    private static string Article(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ => kind.ToString(),
    };

    private static string Shorten(string text)
    {
        var line = new StringBuilder(text).Replace('\n', ' ').ToString();
        return line.Length <= 40 ? line : line[..40] + "…";
    }
}
