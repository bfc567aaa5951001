using System.Buffers.Binary;
using System.Text;

namespace Ha.Backends.ZooKeeper.Wire;

/// <summary>Reads the fields of one frame.</summary>
internal ref struct JuteReader(ReadOnlySpan<byte> frame)
{
    private ReadOnlySpan<byte> _rest = frame;

    public readonly int Remaining => _rest.Length;

    public int Int() => BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int)));

    public long Long() => BinaryPrimitives.ReadInt64BigEndian(Take(sizeof(long)));

    public bool Bool() => Take(1)[0] != 0;

    /// <summary>Bytes; none if they are null.</summary>
    public ReadOnlySpan<byte> Bytes(out bool isNull)
    {
        var length = Int();
        isNull = length < 0;
        return Take(Math.Max(length, 0));
    }

    public string Text() => Encoding.UTF8.GetString(Bytes(out _));

    /// <summary>How many items follow; 0 for a null list.</summary>
    /// <exception cref="ProtocolException">More than the frame can hold.</exception>
    public int Count()
    {
        var count = Math.Max(Int(), 0);
        return count <= _rest.Length / sizeof(int) ? count : throw new ProtocolException($"a list of {count} items in a frame with {_rest.Length} bytes left");
    }

    public NodeStat Stat()
    {
        Take(sizeof(long)); // czxid
        var mzxid = Long();
        Take(2 * sizeof(long)); // ctime, mtime
        var version = Int();
        Take((2 * sizeof(int)) + sizeof(long) + sizeof(int)); // cversion, aversion, ephemeralOwner, dataLength
        var children = Int();
        Take(sizeof(long)); // pzxid
        return new NodeStat((ulong)mzxid, version, children);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
            throw new ProtocolException($"a frame ends {count - _rest.Length} bytes too early");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
