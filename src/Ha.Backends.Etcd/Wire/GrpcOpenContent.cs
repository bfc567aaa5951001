using System.Net;
using System.Net.Http.Headers;

namespace Ha.Backends.Etcd.Wire;

/// <summary>A request that stays open after its first message, so that the server goes on answering.</summary>
internal sealed class GrpcOpenContent : HttpContent
{
    private readonly GrpcContent _first;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public GrpcOpenContent(GrpcContent first)
    {
        _first = first;
        Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
    }

    /// <summary>Ends the request.</summary>
    public void Close() => _closed.TrySetResult();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await _first.CopyToAsync(stream, context, cancellationToken);
        _first.Release();
        await stream.FlushAsync(cancellationToken);
        await _closed.Task.WaitAsync(cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
