using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ha.Backends.Consul.Tests.Wire;

/// <summary>A request as it came over the wire.</summary>
/// <param name="Method">GET or PUT.</param>
/// <param name="Path">Path and query.</param>
/// <param name="Headers">Its headers, lines as sent.</param>
/// <param name="Body">Its body.</param>
internal sealed record FakeRequest(string Method, string Path, string Headers, string Body);

/// <summary>What the fake does with a request: bytes to send, and whether it cuts the connection after them.</summary>
/// <param name="Bytes">Sent as they are; null: nothing is ever answered.</param>
/// <param name="Cuts">Whether the connection is reset afterwards.</param>
internal sealed record FakeAnswer(string? Bytes, bool Cuts = false)
{
    /// <summary>How long it is held back, as a blocking query is.</summary>
    public TimeSpan After { get; init; }

    /// <summary>Accepts and never answers.</summary>
    public static FakeAnswer Never { get; } = new(null as string);

    /// <summary>Cuts the connection instead of answering.</summary>
    public static FakeAnswer Cut { get; } = new("", Cuts: true);

    /// <summary>A whole answer.</summary>
    public static FakeAnswer Of(int status, string body, params string[] headers) =>
        new($"HTTP/1.1 {status} X\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{string.Concat(headers.Select(h => h + "\r\n"))}\r\n{body}");
}

/// <summary>A server that answers as recorded ones did, one connection at a time or many. It answers the questions of opening by itself.</summary>
internal sealed class FakeConsul : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly Func<FakeRequest, FakeAnswer?> _script;
    private readonly Task _accepting;
    private int _open;
    private int _index = 8;

    /// <param name="script">Answers a request; null: as a healthy, empty server would.</param>
    public FakeConsul(Func<FakeRequest, FakeAnswer?> script)
    {
        _script = script;
        _listener.Start();
        Endpoint = _listener.LocalEndpoint.ToString()!;
        _accepting = AcceptAsync();
    }

    public string Endpoint { get; }

    public string Version { get; init; } = "1.22.0";

    public string Identity { get; init; } = "0123456789abcdef0123456789abcdef";

    public ConcurrentQueue<FakeRequest> Requests { get; } = new();

    public Task<ConsulStore> OpenAsync(double timeoutSeconds = 5, string more = "", int first = 0) => OpenAsync([Endpoint], timeoutSeconds, more, first);

    public static Task<ConsulStore> OpenAsync(IEnumerable<string> endpoints, double timeoutSeconds = 5, string more = "", int first = 0) =>
        ConsulStore.OpenAsync(Connections.Parse(FormattableString.Invariant($"consul://{string.Join(',', endpoints)}/ha?timeout={timeoutSeconds}{more}")), TimeProvider.System, null, default, first);

    /// <summary>Waits until no client is connected any more; in real time, for sockets end when the kernel has told both ends.</summary>
    public async Task UntilNoConnectionAsync()
    {
        for (var tries = 0; Volatile.Read(ref _open) > 0; tries++)
        {
            Assert.True(tries < 200, $"{_open} connections are still open");
            await Task.Delay(25);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_end.IsCancellationRequested)
            return;
        await _end.CancelAsync();
        _listener.Stop();
        foreach (var socket in _sockets)
            socket.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptSocketAsync(_end.Token);
                _sockets.Add(socket);
                _ = ServeAsync(socket);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // A client that went away before it was accepted, or the end.
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        Interlocked.Increment(ref _open);
        try
        {
            using var stream = new NetworkStream(socket, ownsSocket: true);
            while (await ReadAsync(stream) is { } request)
            {
                Requests.Enqueue(request);
                var answer = _script(request) ?? Healthy(request);
                if (answer.Bytes is null)
                    continue;
                if (answer.After > TimeSpan.Zero)
                    await Task.Delay(answer.After, _end.Token);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(answer.Bytes), _end.Token);
                if (!answer.Cuts)
                    continue;
                socket.LingerState = new LingerOption(answer.Bytes.Length == 0, 0); // A reset without an answer, an orderly end after a part of one.
                return;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The client went away.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private FakeAnswer Healthy(FakeRequest request) => request.Path switch
    {
        "/v1/agent/self" => FakeAnswer.Of(200, $$$"""{"Config":{"Version":"{{{Version}}}"}}"""),
        var path when path.StartsWith("/v1/kv/ha/-store?raw", StringComparison.Ordinal) => FakeAnswer.Of(200, Identity, "X-Consul-Index: 5"),
        var path when path.StartsWith("/v1/kv/", StringComparison.Ordinal) => FakeAnswer.Of(404, "", "X-Consul-Index: 5"),
        _ => FakeAnswer.Of(200, $$$"""{"Results":[{"KV":{"LockIndex":0,"Key":"ha/x","Flags":0,"Value":null,"CreateIndex":9,"ModifyIndex":{{{Interlocked.Increment(ref _index)}}}}}],"Errors":null}"""),
    };

    private static async Task<FakeRequest?> ReadAsync(NetworkStream stream)
    {
        var bytes = new List<byte>();
        var one = new byte[1];
        while (bytes.Count < 4 || !bytes.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one) == 0)
                return null;
            bytes.Add(one[0]);
        }

        var lines = Encoding.UTF8.GetString([.. bytes]).Split("\r\n");
        var length = lines.FirstOrDefault(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)) is { } header ? int.Parse(header[15..], System.Globalization.CultureInfo.InvariantCulture) : 0;
        var body = new byte[length];
        await stream.ReadExactlyAsync(body);
        var parts = lines[0].Split(' ');
        return new FakeRequest(parts[0], parts[1], string.Join('\n', lines.Skip(1)), Encoding.UTF8.GetString(body));
    }
}
