using System.Buffers.Binary;

namespace Ha.Backends.ZooKeeper.Wire;

/// <summary>What a node's bytes stand for.</summary>
internal enum ContentKind
{
    /// <summary>No key: a node that only has children, or a key that was deleted.</summary>
    Absent,

    /// <summary>A key with its value.</summary>
    Value,

    /// <summary>A key that exists as long as a session does.</summary>
    Presence,
}

/// <summary>A node's bytes. A value is stored as it is, so that it can be read with any tool; what is none begins with a mark, and so does a value
/// that happens to begin with that mark.</summary>
internal readonly record struct NodeContent(ContentKind Kind, long Session, ReadOnlyMemory<byte> Value)
{
    private const byte AbsentTag = (byte)'T', ValueTag = (byte)'V', PresenceTag = (byte)'P';

    /// <summary>No key here.</summary>
    public static NodeContent None { get; } = new(ContentKind.Absent, 0, default);

    public int EncodedLength => Kind switch
    {
        ContentKind.Absent => Mark.Length + 1,
        ContentKind.Value => Value.Span.StartsWith(Mark) ? Mark.Length + 1 + Value.Length : Value.Length,
        ContentKind.Presence => Mark.Length + 1 + sizeof(long) + Value.Length,
    };

    private static ReadOnlySpan<byte> Mark => [0xFF, 0x00, (byte)'h', (byte)'a'];

    public static NodeContent Of(ReadOnlyMemory<byte> value) => new(ContentKind.Value, 0, value);

    public static NodeContent Announcement(long session, ReadOnlyMemory<byte> value) => new(ContentKind.Presence, session, value);

    /// <summary>Reads stored bytes; null stands for a node that somebody made without any.</summary>
    /// <exception cref="ProtocolException">Marked, but not by this version.</exception>
    public static NodeContent Decode(ReadOnlySpan<byte> stored, bool isNull)
    {
        if (isNull)
            return None;
        if (!stored.StartsWith(Mark))
            return Of(stored.ToArray());
        var rest = stored[Mark.Length..];
        return rest switch
        {
            [AbsentTag] => None,
            [ValueTag, .. var value] => Of(value.ToArray()),
            [PresenceTag, _, _, _, _, _, _, _, _, .. var value] => Announcement(BinaryPrimitives.ReadInt64BigEndian(rest[1..]), value.ToArray()),
            _ => throw new ProtocolException("a node's bytes are marked in a way that this version does not know"),
        };
    }

    public void Encode(Span<byte> target)
    {
        if (Kind == ContentKind.Value && !Value.Span.StartsWith(Mark))
        {
            Value.Span.CopyTo(target);
            return;
        }

        Mark.CopyTo(target);
        target[Mark.Length] = Kind switch { ContentKind.Absent => AbsentTag, ContentKind.Value => ValueTag, ContentKind.Presence => PresenceTag };
        var rest = target[(Mark.Length + 1)..];
        if (Kind == ContentKind.Presence)
        {
            BinaryPrimitives.WriteInt64BigEndian(rest, Session);
            rest = rest[sizeof(long)..];
        }

        Value.Span.CopyTo(rest);
    }
}
