using System.Diagnostics.CodeAnalysis;
using System.Text;
using Google.Protobuf;
using Ha.Backends.Etcd.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.Etcd;

/// <summary>Our keys as etcd's: <c>/prefix/key</c>, all of it plain ASCII.</summary>
internal sealed class EtcdKeys(string prefix)
{
    // The character after '/': nothing of ours is between them.
    private const char AfterSlash = '0';

    private readonly string _root = $"/{prefix}/";

    public ByteString Of(StoreKey key)
    {
        var bytes = new byte[_root.Length + key.Value.Length];
        Encoding.ASCII.GetBytes(_root, bytes);
        Encoding.ASCII.GetBytes(key.Value, bytes.AsSpan(_root.Length));
        return UnsafeByteOperations.UnsafeWrap(bytes);
    }

    /// <summary>Where everything under a prefix is, and a few namesakes: a key that goes on with <c>-</c> or <c>.</c> sorts in between.</summary>
    public (ByteString Key, ByteString End) RangeOf(StoreKey under) => under == StoreKey.Root
        ? (ByteString.CopyFromUtf8(_root), ByteString.CopyFromUtf8($"/{prefix}{AfterSlash}"))
        : (Of(under), ByteString.CopyFromUtf8($"{_root}{under.Value}{AfterSlash}"));

    /// <summary>Our key for one of etcd's; false if somebody else wrote it.</summary>
    public bool TryParse(ByteString text, [NotNullWhen(true)] out StoreKey? key)
    {
        key = null;
        var bytes = text.Span;
        return bytes.Length > _root.Length && Ascii.Equals(bytes[.._root.Length], _root) && StoreKey.TryParse(Encoding.Latin1.GetString(bytes[_root.Length..]), out key);
    }

    /// <summary>Our entry, if it is one.</summary>
    public KvEntry? Entry(KeyValue pair) => TryParse(pair.Key, out var key) ? Entry(key, pair) : null;

    /// <summary>The entry of a key.</summary>
    public static KvEntry Entry(StoreKey key, KeyValue pair) => new(key, pair.Value.Memory, new StoreRevision(0, (ulong)pair.ModRevision));
}
