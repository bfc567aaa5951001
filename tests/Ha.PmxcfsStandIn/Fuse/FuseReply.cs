using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Ha.PmxcfsStandIn.Fuse;

/// <summary>Builds the body of an answer.</summary>
internal sealed class FuseReply
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public int Length => _bytes.WrittenCount;

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public FuseReply UInt16(ushort value)
    {
        Span<byte> buffer = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(buffer, value);
        _bytes.Write(buffer);
        return this;
    }

    public FuseReply UInt32(uint value)
    {
        Span<byte> buffer = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(buffer, value);
        _bytes.Write(buffer);
        return this;
    }

    public FuseReply UInt64(ulong value)
    {
        Span<byte> buffer = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(buffer, value);
        _bytes.Write(buffer);
        return this;
    }

    public FuseReply Bytes(ReadOnlySpan<byte> value)
    {
        _bytes.Write(value);
        return this;
    }

    /// <summary>struct fuse_entry_out: a name's node, valid for a while, with its attributes.</summary>
    public FuseReply Entry(ulong node, FileAttributes attributes, TimeSpan valid)
    {
        var (seconds, nanoseconds) = Split(valid);
        return UInt64(node).UInt64(0).UInt64(seconds).UInt64(seconds).UInt32(nanoseconds).UInt32(nanoseconds).Attributes(node, attributes);
    }

    /// <summary>struct fuse_attr_out.</summary>
    public FuseReply Attributes(ulong node, FileAttributes attributes, TimeSpan valid)
    {
        var (seconds, nanoseconds) = Split(valid);
        return UInt64(seconds).UInt32(nanoseconds).UInt32(0).Attributes(node, attributes);
    }

    /// <summary>struct fuse_open_out. Always direct: the kernel keeps no pages.</summary>
    public FuseReply Opened(ulong handle) => UInt64(handle).UInt32(1).UInt32(0);

    /// <summary>struct fuse_dirent; false if it would not fit.</summary>
    public bool TryDirectoryEntry(string name, uint type, ulong next, uint limit)
    {
        var text = Encoding.UTF8.GetBytes(name);
        var padded = (24 + text.Length + 7) & ~7;
        if (Length + padded > limit)
            return false;
        UInt64(next).UInt64(next).UInt32((uint)text.Length).UInt32(type).Bytes(text).Bytes(new byte[padded - 24 - text.Length]);
        return true;
    }

    private FuseReply Attributes(ulong node, FileAttributes a)
    {
        UInt64(node).UInt64((ulong)a.Size).UInt64((ulong)((a.Size + 511) / 512));
        UInt64(a.Seconds).UInt64(a.Seconds).UInt64(a.Seconds).UInt32(0).UInt32(0).UInt32(0);
        return UInt32(a.Mode).UInt32(a.Links).UInt32(0).UInt32(FileAttributes.WebGroup).UInt32(0).UInt32(4096).UInt32(0);
    }

    private static (ulong Seconds, uint Nanoseconds) Split(TimeSpan span) => ((ulong)span.TotalSeconds, (uint)(span.Ticks % TimeSpan.TicksPerSecond * 100));
}
