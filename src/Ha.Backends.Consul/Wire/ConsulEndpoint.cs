using System.Runtime.CompilerServices;

namespace Ha.Backends.Consul.Wire;

/// <summary>One server or agent, with connections of its own.</summary>
internal sealed class ConsulEndpoint : IDisposable
{
    private const string TokenHeader = "X-Consul-Token";

    private readonly HttpMessageInvoker _http;
    private readonly ConsulTls? _tls;
    private readonly Uri _base;
    private readonly Uri _frequent;
    private readonly string _frequentPath;
    private volatile bool _isVerified;

    /// <param name="address"><c>host:port</c>.</param>
    /// <param name="tls">Null: plain HTTP.</param>
    /// <param name="connectTimeout">How long a connection may take to be made.</param>
    /// <param name="frequentPath">The path most calls go to.</param>
    public ConsulEndpoint(string address, ConsulTls? tls, TimeSpan connectTimeout, string frequentPath)
    {
        (Address, _tls, _frequentPath) = (address, tls, frequentPath);
        _base = new Uri($"{(tls is null ? "http" : "https")}://{address}");
        _frequent = new Uri(_base, frequentPath);
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = connectTimeout,
            // New connections see changed names and certificates.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            // Consul allows 200 a client address (limits.http_max_conns_per_client), for all processes of a machine together.
            MaxConnectionsPerServer = 64,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
        };
        if (tls is not null)
            handler.SslOptions = tls.ClientOptions();
        _http = new HttpMessageInvoker(handler);
    }

    public string Address { get; }

    public bool IsTls => _tls is not null;

    /// <summary>What the last server certificate was refused for; null: none was.</summary>
    public string? CertificateRefusal => _tls?.Refusal;

    /// <summary>Whether it belongs to the cluster we opened; in doubt after each failure.</summary>
    public bool IsVerified
    {
        get => _isVerified;
        set => _isVerified = value;
    }

    /// <summary>Whether it ever belonged to that cluster.</summary>
    public bool WasVerified { get; set; }

    /// <summary>Sends a call once.</summary>
    /// <exception cref="Core.Stores.StoreException">No answer.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ConsulReply> SendAsync(ConsulCall call, string? token, TimeSpan span, CancellationToken end, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(call.Method, ReferenceEquals(call.Path, _frequentPath) ? _frequent : new Uri(_base, call.Path));
        if (token is not null)
            request.Headers.TryAddWithoutValidation(TokenHeader, token);
        var content = call.Method == HttpMethod.Get ? null : new ConsulContent(call.Body);
        request.Content = content;
        try
        {
            using var response = await _http.SendAsync(request, end);
            return await ConsulReply.ReadAsync(Address, response, end);
        }
        catch (Exception e) when (ConsulErrors.MeansNoAnswer(e))
        {
            IsVerified = false;
            var isSent = call.IsWrite && content!.IsSent;
            if (cancel.IsCancellationRequested && !isSent)
                throw new OperationCanceledException($"{call.Description}: cancelled", e, cancel);
            throw ConsulErrors.NoAnswer(this, call, isSent, span, e, cancel.IsCancellationRequested);
        }
    }

    public void Dispose() => _http.Dispose();
}
