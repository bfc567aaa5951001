using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Ha.StoreServers;

/// <summary>Passes bytes on to a server, until it is told to cut. Any thread may use it.</summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<Socket, Socket> _pairs = new();
    private readonly IPEndPoint _target;
    private readonly Task _accepting;
    private int _accepted;

    /// <summary>Opens it.</summary>
    /// <param name="target">The server, as <c>address:port</c>.</param>
    public CuttingProxy(string target)
    {
        _target = IPEndPoint.Parse(target);
        _listener.Start();
        Endpoint = _listener.LocalEndpoint.ToString()!;
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients connect to, as <c>host:port</c>.</summary>
    public string Endpoint { get; }

    /// <summary>How many connections clients have made.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>How many of them are open.</summary>
    public int Open => _pairs.Count;

    /// <summary>Resets every connection.</summary>
    public void CutAll()
    {
        foreach (var (client, server) in _pairs)
        {
            try
            {
                // A reset, not an orderly end.
                client.LingerState = new LingerOption(true, 0);
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException)
            {
                // It has just ended by itself.
            }

            End(client, server);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        CutAll();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptSocketAsync(_end.Token);
                Interlocked.Increment(ref _accepted);
                client.NoDelay = true;
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                _pairs[client] = server;
                _ = ServeAsync(client, server);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The client has gone before it was served, or this is the end.
            }
        }
    }

    private async Task ServeAsync(Socket client, Socket server)
    {
        try
        {
            await server.ConnectAsync(_target, _end.Token);
            await Task.WhenAny(PumpAsync(client, server), PumpAsync(server, client));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Cut, or the server is not there: the client sees its connection end.
        }

        End(client, server);
    }

    private static async Task PumpAsync(Socket from, Socket to)
    {
        try
        {
            using var source = new NetworkStream(from);
            using var sink = new NetworkStream(to);
            await source.CopyToAsync(sink);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private void End(Socket client, Socket server)
    {
        client.Dispose();
        server.Dispose();
        _pairs.TryRemove(client, out _);
    }
}
