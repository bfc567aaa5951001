using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace Ha.Backends.Etcd.Wire;

/// <summary>Reads framed messages from the body of an answer. One reader at a time.</summary>
internal sealed class GrpcReader(Stream body) : IDisposable
{
    /// <summary>No listing of ours comes near it: a longer one is not a message at all.</summary>
    public const int LargestMessage = 512 << 20;

    private const int SmallestBuffer = 4096;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(SmallestBuffer);
    private int _start;
    private int _end;

    /// <summary>The next message; null at the end of the body.</summary>
    /// <exception cref="GrpcException">The body ends within a message, or is none.</exception>
    public async ValueTask<TReply?> NextAsync<TReply>(MessageParser<TReply> parser, CancellationToken cancel)
        where TReply : class, IMessage<TReply>
    {
        if (!await FillAsync(GrpcContent.PrefixBytes, cancel))
            return null;
        var length = LengthOf(_buffer.AsSpan(_start, GrpcContent.PrefixBytes));
        _start += GrpcContent.PrefixBytes;
        if (!await FillAsync(length, cancel) && length > 0)
            throw new GrpcException(CallProgress.NoAnswer, "the answer ends in the middle of a message");
        try
        {
            var message = parser.ParseFrom(_buffer.AsSpan(_start, length));
            _start += length;
            return message;
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new GrpcException(CallProgress.NoAnswer, "the answer cannot be decoded", e);
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private static int LengthOf(ReadOnlySpan<byte> prefix)
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (prefix[0] != 0)
            throw new GrpcException(CallProgress.NoAnswer, "the answer is compressed, which was not asked for");
        return length <= LargestMessage ? (int)length : throw new GrpcException(CallProgress.NoAnswer, $"the answer claims a message of {length} bytes");
    }

    // False if the body ends here, before any of the bytes.
    private async ValueTask<bool> FillAsync(int count, CancellationToken cancel)
    {
        if (_end - _start >= count)
            return true;
        MakeRoom(count);
        while (_end - _start < count)
        {
            var read = await body.ReadAsync(_buffer.AsMemory(_end), cancel);
            if (read == 0)
                return _end == _start ? false : throw new GrpcException(CallProgress.NoAnswer, "the answer ends in the middle of a message");
            _end += read;
        }

        return true;
    }

    private void MakeRoom(int count)
    {
        var kept = _end - _start;
        var target = count > _buffer.Length ? ArrayPool<byte>.Shared.Rent(count) : _buffer;
        _buffer.AsSpan(_start, kept).CopyTo(target);
        if (target != _buffer)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = target;
        }

        (_start, _end) = (0, kept);
    }
}
