using Google.Protobuf;

namespace Ha.Backends.Etcd.Wire;

/// <summary>An open stream of answers. One reader.</summary>
internal sealed class EtcdStream<TReply>(HttpRequestMessage request, GrpcOpenContent content, HttpResponseMessage answer, MessageParser<TReply> parser, Stream body) : IDisposable
    where TReply : class, IMessage<TReply>, IEtcdReply
{
    private readonly GrpcReader _reader = new(body);

    /// <summary>The next answer.</summary>
    /// <exception cref="GrpcException">There is none: the connection is lost, or the server has ended the stream.</exception>
    public async ValueTask<TReply> NextAsync(CancellationToken cancel)
    {
        try
        {
            if (await _reader.NextAsync(parser, cancel) is { } reply)
                return reply;
            GrpcStatus.CheckEnd(answer);
            throw new GrpcException(CallProgress.NoAnswer, "the server ended the stream");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or ObjectDisposedException)
        {
            throw EtcdConnection.Failure(e, isSent: true);
        }
    }

    public void Dispose()
    {
        content.Close();
        _reader.Dispose();
        answer.Dispose();
        request.Dispose();
    }
}
