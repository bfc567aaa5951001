using System.Net.Security;
using System.Net.Sockets;
using Google.Protobuf;

namespace Ha.Backends.Etcd.Wire;

/// <summary>One HTTP/2 connection to one server. It is made once and never again: a new connection may lead to another server, and has to be proven first.</summary>
internal sealed class EtcdConnection : IDisposable
{
    // The server refuses pings that are less than 5 s apart.
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(3);
    private static readonly Version Http2 = new(2, 0);

    private readonly EtcdAddress _address;
    private readonly string? _name;
    private readonly HttpMessageInvoker _invoker;
    private readonly CancellationTokenSource _end = new();
    private readonly Dictionary<string, Uri> _uris;
    private int _connects;
    private int _disposed;
    private volatile bool _isLost;

    /// <param name="address">The server.</param>
    /// <param name="tls">How to encrypt; null: not at all.</param>
    /// <param name="name">The name to be known by instead of the address's host; null: the host.</param>
    /// <param name="uris">The addresses of the calls, shared by all connections to the server.</param>
    /// <param name="patience">How long connecting may take.</param>
    public EtcdConnection(EtcdAddress address, SslClientAuthenticationOptions? tls, string? name, Dictionary<string, Uri> uris, TimeSpan patience)
    {
        (_address, _name, _uris) = (address, name, uris);
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = ConnectAsync,
            ConnectTimeout = patience,
            KeepAlivePingDelay = PingDelay,
            KeepAlivePingTimeout = PingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            InitialHttp2StreamWindowSize = 1 << 20,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
        };
        if (tls is not null)
            handler.SslOptions = tls;
        _invoker = new HttpMessageInvoker(handler);
    }

    /// <summary>The token of our log-in on this server; null: none.</summary>
    public string? Token { get; set; }

    /// <summary>Whether the connection has ended; calls on it are then not sent.</summary>
    public bool IsLost => _isLost;

    /// <summary>Whether a call on it had no answer in time.</summary>
    public bool IsSuspect { get; set; }

    /// <summary>Asks and waits for the one answer.</summary>
    /// <param name="method">What.</param>
    /// <param name="request">With which message.</param>
    /// <param name="timeout">In the form of the header grpc-timeout; told to the server, not counted here.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="GrpcException">No answer, or a refusal.</exception>
    /// <exception cref="OperationCanceledException">Before anything was sent.</exception>
    public async Task<TReply> CallAsync<TRequest, TReply>(GrpcMethod<TRequest, TReply> method, TRequest request, string timeout, CancellationToken cancel)
        where TRequest : IMessage<TRequest>
        where TReply : class, IMessage<TReply>, IEtcdReply
    {
        var content = GrpcContent.Of(request);
        try
        {
            using var message = Message(method.Path, content, method.IsAnonymous ? null : Token);
            message.Headers.TryAddWithoutValidation("grpc-timeout", timeout);
            using var answer = await _invoker.SendAsync(message, cancel);
            GrpcStatus.CheckHead(answer);
            using var reader = new GrpcReader(await answer.Content.ReadAsStreamAsync(cancel));
            var reply = await reader.NextAsync(method.Parser, cancel);
            if (reply is not null && await reader.NextAsync(method.Parser, cancel) is not null)
                throw new GrpcException(CallProgress.NoAnswer, "it gives two answers to one call");
            GrpcStatus.CheckEnd(answer);
            return reply ?? throw new GrpcException(CallProgress.NoAnswer, "the answer is empty");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or ObjectDisposedException)
        {
            throw Failure(e, content.IsSent);
        }
        catch (OperationCanceledException e) when (content.IsSent)
        {
            throw new GrpcException(CallProgress.NoAnswer, "there was no answer in time", e);
        }
        finally
        {
            content.Release();
        }
    }

    /// <summary>Opens a stream of answers to one request; it ends when disposed, or when the token says so.</summary>
    /// <exception cref="GrpcException">It could not be opened.</exception>
    public async Task<EtcdStream<TReply>> OpenAsync<TRequest, TReply>(GrpcMethod<TRequest, TReply> method, TRequest request, CancellationToken cancel)
        where TRequest : IMessage<TRequest>
        where TReply : class, IMessage<TReply>, IEtcdReply
    {
        var content = new GrpcOpenContent(GrpcContent.Of(request));
        var message = Message(method.Path, content, Token);
        message.Headers.TryAddWithoutValidation("hasleader", "true");
        HttpResponseMessage? answer = null;
        try
        {
            answer = await _invoker.SendAsync(message, cancel);
            GrpcStatus.CheckHead(answer);
            return new EtcdStream<TReply>(message, content, answer, method.Parser, await answer.Content.ReadAsStreamAsync(cancel));
        }
        catch (Exception e)
        {
            content.Close();
            answer?.Dispose();
            message.Dispose();
            if (e is HttpRequestException or IOException or ObjectDisposedException)
                throw Failure(e, isSent: true);
            throw;
        }
    }

    public void Dispose()
    {
        _isLost = true;
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _end.Cancel();
        _invoker.Dispose();
        _end.Dispose();
    }

    /// <summary>What a failure of the transport means.</summary>
    /// <param name="e">The failure.</param>
    /// <param name="isSent">Whether some of the request may have left.</param>
    internal static GrpcException Failure(Exception e, bool isSent)
    {
        var text = (e.InnerException as HttpRequestException ?? e).Message;
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException or System.Security.Authentication.AuthenticationException or HttpProtocolException or EtcdTlsException)
                text = cause.Message;
        }

        return new GrpcException(isSent ? CallProgress.NoAnswer : CallProgress.NotSent, text.TrimEnd('.'), e);
    }

    private HttpRequestMessage Message(string path, HttpContent content, string? token)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, UriOf(path)) { Version = Http2, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = content };
        message.Headers.TryAddWithoutValidation("te", "trailers");
        // The transport asks for, and checks, the certificate of this name.
        if (_name is not null)
            message.Headers.Host = _name;
        if (token is not null)
            message.Headers.TryAddWithoutValidation("token", token);
        return message;
    }

    private Uri UriOf(string path)
    {
        lock (_uris)
        {
            if (!_uris.TryGetValue(path, out var uri))
                _uris[path] = uri = new Uri(_address.Url + path);
            return uri;
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        if (Interlocked.Exchange(ref _connects, 1) != 0)
        {
            _isLost = true;
            throw new IOException("the connection was lost");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, _end.Token);
            await socket.ConnectAsync(context.DnsEndPoint, either.Token);
            return new Line(socket, this);
        }
        catch
        {
            _isLost = true;
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Tells when the transport has let go of the connection.</summary>
    private sealed class Line(Socket socket, EtcdConnection owner) : NetworkStream(socket, ownsSocket: true)
    {
        protected override void Dispose(bool disposing)
        {
            owner._isLost = true;
            base.Dispose(disposing);
        }
    }
}
