using System.Buffers.Binary;
using System.Text;

namespace Ha.PmxcfsStandIn.Fuse;

/// <summary>One request of the kernel.</summary>
/// <param name="bytes">Header and body.</param>
internal sealed class FuseRequest(byte[] bytes)
{
    private const int HeaderSize = 40;

    public FuseOpcode Opcode => (FuseOpcode)BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4));

    public ulong Unique => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8));

    public ulong Node => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(16));

    public ReadOnlySpan<byte> Body => bytes.AsSpan(HeaderSize);

    public uint UInt32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(Body[at..]);

    public ulong UInt64(int at) => BinaryPrimitives.ReadUInt64LittleEndian(Body[at..]);

    public long Int64(int at) => BinaryPrimitives.ReadInt64LittleEndian(Body[at..]);

    /// <summary>The name that starts at a place in the body and ends with a zero.</summary>
    public string Name(int at) => Name(at, out _);

    /// <summary>The same, and where the next one starts.</summary>
    public string Name(int at, out int next)
    {
        var rest = Body[at..];
        var length = rest.IndexOf((byte)0);
        next = at + length + 1;
        return Encoding.UTF8.GetString(rest[..length]);
    }
}
