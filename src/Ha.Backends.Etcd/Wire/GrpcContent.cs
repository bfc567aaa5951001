using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace Ha.Backends.Etcd.Wire;

/// <summary>One message as the body of a request, framed and in a pooled buffer.</summary>
internal sealed class GrpcContent : HttpContent
{
    /// <summary>In front of each message: a byte that says "not compressed", and its length.</summary>
    public const int PrefixBytes = 5;

    private static readonly MediaTypeHeaderValue Grpc = new("application/grpc");

    private readonly int _length;
    private byte[]? _buffer;
    private volatile bool _isSent;
    private volatile bool _isWritten;

    private GrpcContent(byte[] buffer, int length)
    {
        (_buffer, _length) = (buffer, length);
        Headers.ContentType = Grpc;
    }

    /// <summary>Whether some of it may have left the machine.</summary>
    public bool IsSent => _isSent;

    public static GrpcContent Of<TRequest>(TRequest request)
        where TRequest : IMessage<TRequest>
    {
        var size = request.CalculateSize();
        var buffer = ArrayPool<byte>.Shared.Rent(PrefixBytes + size);
        WritePrefix(buffer, size);
        request.WriteTo(buffer.AsSpan(PrefixBytes, size));
        return new GrpcContent(buffer, PrefixBytes + size);
    }

    public static void WritePrefix(Span<byte> prefix, int size)
    {
        prefix[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(prefix[1..], size);
    }

    /// <summary>Gives the buffer back, once the call is over. If the transport may still be reading it, the garbage collector gets it instead.</summary>
    public void Release()
    {
        if ((_isWritten || !_isSent) && Interlocked.Exchange(ref _buffer, null) is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _isSent = true;
        var buffer = _buffer ?? throw new ObjectDisposedException(nameof(GrpcContent));
        await stream.WriteAsync(buffer.AsMemory(0, _length), cancellationToken);
        _isWritten = true;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }
}
