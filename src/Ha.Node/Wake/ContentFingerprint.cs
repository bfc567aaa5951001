using System.Text.Json;

namespace Ha.Node.Wake;

/// <summary>Tells whether a status document says something new: a number over its JSON without the time stamp, which changes every round.</summary>
public static class ContentFingerprint
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>Of the bytes as they are.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes) => Mix(Offset, bytes);

    /// <summary>Of a JSON object without its own property <c>timestamp</c>; of the bytes if they are not JSON.</summary>
    public static ulong WithoutTimestamp(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var hash = Offset;
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("timestamp"u8))
                {
                    reader.Skip();
                    continue;
                }

                hash = Mix((hash ^ (byte)reader.TokenType) * Prime, reader.ValueSpan);
            }

            return hash;
        }
        catch (JsonException)
        {
            return Of(json);
        }
    }

    private static ulong Mix(ulong hash, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
            hash = (hash ^ b) * Prime;
        return hash;
    }
}
