using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Ha.Backends.Consul.Tests.Real;

/// <summary>Passes bytes on to a server, until it is told to cut.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<Socket, Socket> _pairs = new();
    private readonly IPEndPoint _target;
    private readonly Task _accepting;

    public CuttingProxy(string target)
    {
        _target = IPEndPoint.Parse(target);
        _listener.Start();
        Endpoint = _listener.LocalEndpoint.ToString()!;
        _accepting = AcceptAsync();
    }

    public string Endpoint { get; }

    /// <summary>Resets every connection.</summary>
    public void CutAll()
    {
        foreach (var (client, server) in _pairs)
        {
            client.LingerState = new LingerOption(true, 0);
            client.Dispose();
            server.Dispose();
            _pairs.TryRemove(client, out _);
        }
    }

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
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                client.NoDelay = true;
                _pairs[client] = server;
                await server.ConnectAsync(_target, _end.Token);
                _ = PumpAsync(client, server);
                _ = PumpAsync(server, client);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Cut before it was connected, or the end.
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
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

        from.Dispose();
        to.Dispose();
        _pairs.TryRemove(from, out _);
        _pairs.TryRemove(to, out _);
    }
}
