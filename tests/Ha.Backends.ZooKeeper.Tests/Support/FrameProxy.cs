using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Ha.Backends.ZooKeeper.Tests.Support;

/// <summary>Between clients and a server, whole frames at a time: cuts, holds, and can make a new server answer as an old one does.</summary>
internal sealed class FrameProxy : IAsyncDisposable
{
    private const int AddWatch = 106, Unimplemented = -6;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _target;
    private readonly bool _asOldServer;
    private readonly Lock _gate = new();
    private readonly List<TcpClient> _open = [];
    private readonly Task _accepting;
    private volatile TaskCompletionSource _mayPass = Passing();
    private int _accepted;

    /// <param name="endpoint">The server, <c>address:port</c>.</param>
    /// <param name="asOldServer">Whether lasting watches are unknown and the handshake's answer ends early, as with 3.4.</param>
    public FrameProxy(string endpoint, bool asOldServer = false)
    {
        (_target, _asOldServer) = (IPEndPoint.Parse(endpoint), asOldServer);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Endpoint => _listener.LocalEndpoint.ToString()!;

    /// <summary>How many connections there were.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>How many lasting watches were refused.</summary>
    public int RefusedWatches { get; private set; }

    /// <summary>How many connections are open.</summary>
    public int Open
    {
        get
        {
            lock (_gate)
                return _open.Count / 2;
        }
    }

    /// <summary>Decides of a request's frame (number, operation) whether the connection is cut instead of passing it; null: never.</summary>
    public Func<int, int, bool>? CutAt { get; set; }

    /// <summary>Ends every connection, with what was on its way.</summary>
    public void Cut()
    {
        TcpClient[] open;
        lock (_gate)
            open = [.. _open];
        foreach (var client in open)
            client.Client?.Close(0); // Null: it has ended by itself meanwhile.
    }

    /// <summary>Passes nothing on, and neither refuses nor ends anything.</summary>
    public void Hold() => _mayPass = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Passes on again.</summary>
    public void Release() => _mayPass.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        Release();
        Cut();
        await _accepting;
    }

    private static TaskCompletionSource Passing()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                Interlocked.Increment(ref _accepted);
                serving.Add(ServeAsync(client));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }

        await Task.WhenAll(serving);
    }

    private async Task ServeAsync(TcpClient client)
    {
        var server = new TcpClient { NoDelay = true };
        client.NoDelay = true;
        lock (_gate)
            _open.AddRange([client, server]);
        try
        {
            await _mayPass.Task;
            await server.ConnectAsync(_target);
            using var answering = new SemaphoreSlim(1, 1);
            var both = new[] { RequestsAsync(client, server, answering), AnswersAsync(client, server, answering) };
            await Task.WhenAny(both);
            client.Close();
            server.Close();
            await Task.WhenAll(both);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Either side has gone, or was cut.
        }
        finally
        {
            client.Dispose();
            server.Dispose();
            lock (_gate)
                _open.RemoveAll(c => c == client || c == server);
        }
    }

    private async Task RequestsAsync(TcpClient client, TcpClient server, SemaphoreSlim answering)
    {
        for (var number = 0; await FrameAsync(client.GetStream(), isFirst: number == 0) is { } frame; number++)
        {
            await _mayPass.Task;
            var operation = number == 0 || frame.Length < 12 ? 0 : BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(8));
            if (CutAt?.Invoke(number, operation) == true)
                return;
            if (_asOldServer && operation == AddWatch)
            {
                RefusedWatches++;
                await answering.WaitAsync();
                await client.GetStream().WriteAsync(Refusal(frame.AsMemory(4, 4)));
                answering.Release();
                return;
            }

            await server.GetStream().WriteAsync(frame);
        }
    }

    private async Task AnswersAsync(TcpClient client, TcpClient server, SemaphoreSlim answering)
    {
        for (var number = 0; await FrameAsync(server.GetStream(), isFirst: false) is { } frame; number++)
        {
            await _mayPass.Task;
            if (_asOldServer && number == 0)
            {
                // Without the last field, which says whether the server only reads.
                frame = frame[..^1];
                BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);
            }

            await answering.WaitAsync();
            await client.GetStream().WriteAsync(frame);
            answering.Release();
        }
    }

    private static byte[] Refusal(ReadOnlyMemory<byte> xid)
    {
        var answer = new byte[20];
        BinaryPrimitives.WriteInt32BigEndian(answer, 16);
        xid.Span.CopyTo(answer.AsSpan(4));
        BinaryPrimitives.WriteInt32BigEndian(answer.AsSpan(16), Unimplemented);
        return answer;
    }

    // With its length field; null at the end. A first frame may be a word of four letters instead.
    private static async Task<byte[]?> FrameAsync(NetworkStream stream, bool isFirst)
    {
        var length = new byte[4];
        if (await stream.ReadAtLeastAsync(length, 4, throwOnEndOfStream: false) < 4)
            return null;
        if (!isFirst && length[0] is >= (byte)'A' and <= (byte)'z')
        {
            // The answer to a word: everything up to the end.
            using var text = new MemoryStream();
            await text.WriteAsync(length);
            await stream.CopyToAsync(text);
            return text.ToArray();
        }

        if (isFirst && length[0] is >= (byte)'a' and <= (byte)'z')
            return length;
        var frame = new byte[4 + BinaryPrimitives.ReadInt32BigEndian(length)];
        length.CopyTo(frame, 0);
        await stream.ReadExactlyAsync(frame.AsMemory(4));
        return frame;
    }
}
