using System.Buffers.Binary;
using System.Text;

namespace Ha.Backends.ZooKeeper.Wire;

/// <summary>Writes frames: length, then fields, all big-endian. Keeps its buffer between uses.</summary>
internal sealed class JuteWriter
{
    private const int KeptBytes = 64 * 1024;

    private byte[] _buffer = new byte[1024];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, Length);

    /// <summary>Forgets what was written, and a buffer that one large value made large.</summary>
    public void Clear()
    {
        Length = 0;
        if (_buffer.Length > KeptBytes)
            _buffer = new byte[KeptBytes];
    }

    /// <summary>Forgets what was written after a place.</summary>
    public void CutBack(int length) => Length = length;

    /// <returns>The frame's place, for <see cref="EndFrame"/>.</returns>
    public int BeginFrame()
    {
        Int(0);
        return Length - sizeof(int);
    }

    /// <returns>The frame's length without its length field, which is what servers limit.</returns>
    public int EndFrame(int at)
    {
        var length = Length - at - sizeof(int);
        BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(at), length);
        return length;
    }

    public void Int(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(sizeof(int)), value);

    public void Long(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(sizeof(long)), value);

    public void Bool(bool value) => Take(1)[0] = value ? (byte)1 : (byte)0;

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Int(value.Length);
        value.CopyTo(Take(value.Length));
    }

    public void Text(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Int(length);
        Encoding.UTF8.GetBytes(value, Take(length));
    }

    public void Path(NodePath path)
    {
        var length = path.Chroot.Length + (path.Rest.Length > 0 ? 1 + path.Rest.Length : 0);
        Int(length);
        var target = Take(length);
        Encoding.ASCII.GetBytes(path.Chroot, target);
        if (path.Rest.Length == 0)
            return;
        target[path.Chroot.Length] = (byte)'/';
        Encoding.ASCII.GetBytes(path.Rest, target[(path.Chroot.Length + 1)..]);
    }

    public void Content(NodeContent content)
    {
        Int(content.EncodedLength);
        content.Encode(Take(content.EncodedLength));
    }

    public void Acl(IReadOnlyList<NodeAcl> acl)
    {
        Int(acl.Count);
        foreach (var entry in acl)
        {
            Int(entry.Permissions);
            Text(entry.Scheme);
            Text(entry.Id);
        }
    }

    private Span<byte> Take(int count)
    {
        if (_buffer.Length - Length < count)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + count));
        var span = _buffer.AsSpan(Length, count);
        Length += count;
        return span;
    }
}
