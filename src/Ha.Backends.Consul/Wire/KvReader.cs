using System.Buffers.Text;
using System.Text.Json;
using Ha.Core.Stores;

namespace Ha.Backends.Consul.Wire;

/// <summary>One key of Consul as it was read.</summary>
/// <param name="Entry">The entry, as ours.</param>
/// <param name="Flags">The nonce of the write that made it.</param>
/// <param name="Session">The session it ends with; null: none.</param>
internal readonly record struct ConsulEntry(KvEntry Entry, ulong Flags, string? Session);

/// <summary>Reads the entries of an answer. Keys that are not ours are left out.</summary>
internal static class KvReader
{
    /// <summary>All entries, sorted by key; those whose index is known are taken from there, without decoding.</summary>
    /// <exception cref="JsonException">Not an answer of Consul.</exception>
    public static List<KvEntry> ReadAll(ReadOnlySpan<byte> body, ConsulKeys keys, StoreKey prefix, Dictionary<StoreKey, KvEntry>? known = null)
    {
        var entries = new List<KvEntry>(known?.Count ?? 4);
        var isSorted = true;
        var json = Begin(body);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (ReadOne(ref json, keys, known) is not { } read || !read.Entry.Key.IsUnder(prefix))
                continue;
            isSorted = isSorted && (entries.Count == 0 || entries[^1].Key < read.Entry.Key);
            entries.Add(read.Entry);
        }

        if (!isSorted)
            entries.Sort(static (left, right) => left.Key.CompareTo(right.Key)); // The order of the encoded keys is another.
        return entries;
    }

    /// <summary>The one entry of a key.</summary>
    /// <exception cref="JsonException">Not an answer of Consul.</exception>
    public static ConsulEntry? ReadFirst(ReadOnlySpan<byte> body, ConsulKeys keys)
    {
        var json = Begin(body);
        return json.Read() && json.TokenType != JsonTokenType.EndArray ? ReadOne(ref json, keys, null) : null;
    }

    private static Utf8JsonReader Begin(ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(body);
        return json.Read() && json.TokenType == JsonTokenType.StartArray ? json : throw new JsonException("not a list of keys");
    }

    private static ConsulEntry? ReadOne(ref Utf8JsonReader json, ConsulKeys keys, Dictionary<StoreKey, KvEntry>? known)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            throw new JsonException("not a key");
        ReadOnlySpan<byte> value = default;
        var (key, flags, index, session) = ((StoreKey?)null, 0UL, 0UL, (string?)null);
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            if (json.ValueTextEquals("Key"u8) && json.Read())
                key = !json.ValueIsEscaped && keys.TryRead(json.ValueSpan, out var ours) ? ours : null;
            else if (json.ValueTextEquals("Value"u8) && json.Read())
                value = json.TokenType == JsonTokenType.Null ? default : json.ValueSpan;
            else if (json.ValueTextEquals("ModifyIndex"u8) && json.Read())
                index = json.GetUInt64();
            else if (json.ValueTextEquals("Flags"u8) && json.Read())
                flags = json.GetUInt64();
            else if (json.ValueTextEquals("Session"u8) && json.Read())
                session = json.GetString();
            else
                json.Skip();
        }

        if (key is null)
            return null;
        if (known is not null && known.TryGetValue(key, out var same) && same.Revision.Low == index)
            return new ConsulEntry(same, flags, session);
        return new ConsulEntry(new KvEntry(key, Decode(value), new StoreRevision(0, index)), flags, session);
    }

    private static byte[] Decode(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
            return [];
        if (text.Length % 4 != 0)
            throw new JsonException("a value is not base64");
        var padding = text[^1] == '=' ? text[^2] == '=' ? 2 : 1 : 0;
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length) - padding];
        return Base64.DecodeFromUtf8(text, bytes, out _, out var written) == System.Buffers.OperationStatus.Done && written == bytes.Length
            ? bytes
            : throw new JsonException("a value is not base64");
    }
}
