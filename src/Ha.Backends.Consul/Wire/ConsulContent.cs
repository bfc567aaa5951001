using System.Net;

namespace Ha.Backends.Consul.Wire;

/// <summary>A request's body, which knows whether a server may have got any of it.</summary>
internal sealed class ConsulContent(ReadOnlyMemory<byte> body) : HttpContent
{
    private volatile bool _isSent;

    /// <summary>Whether sending has begun. If not, nothing can have been changed.</summary>
    public bool IsSent => _isSent;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _isSent = true;
        return stream.WriteAsync(body, cancellationToken).AsTask();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
