using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Ha.Backends.Etcd.Tests;

/// <summary>Stands between a client and a server, and does to their connections what a bad network does.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> _open = [];
    private readonly CancellationTokenSource _end = new();
    private string _host = "";
    private int _port;
    private readonly Task _accepting;
    private volatile bool _isFrozen;
    private volatile bool _isRefusing;

    /// <param name="target">The server, as <c>host:port</c>.</param>
    public TcpProxy(string target)
    {
        Retarget(target);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Endpoint => _listener.LocalEndpoint.ToString()!;

    /// <summary>How many connections clients have made.</summary>
    public int Connections { get; private set; }

    /// <summary>Connections stay open, new ones are accepted, and no byte passes.</summary>
    public bool IsFrozen
    {
        get => _isFrozen;
        set => _isFrozen = value;
    }

    /// <summary>New connections are closed at once.</summary>
    public bool IsRefusing
    {
        get => _isRefusing;
        set => _isRefusing = value;
    }

    /// <summary>New connections lead somewhere else.</summary>
    public void Retarget(string target)
    {
        var colon = target.LastIndexOf(':');
        (_host, _port) = (target[..colon], int.Parse(target[(colon + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>Resets all connections.</summary>
    public void Cut()
    {
        Socket[] open;
        lock (_gate)
        {
            open = [.. _open];
            _open.Clear();
        }

        foreach (var socket in open)
        {
            try
            {
                // A reset, not an orderly end.
                socket.LingerState = new LingerOption(true, 0);
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException)
            {
                // It has ended already, as its other half was cut.
            }

            socket.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        Cut();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var lines = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_end.Token);
                Connections++;
                if (_isRefusing)
                {
                    client.Dispose();
                    continue;
                }

                lines.RemoveAll(l => l.IsCompleted);
                lines.Add(ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(lines);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        lock (_gate)
            _open.AddRange([client, server]);
        try
        {
            await server.ConnectAsync(_host, _port, _end.Token);
            await Task.WhenAny(PumpAsync(client, server), PumpAsync(server, client));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Cut, or the server is not there: the client sees its connection end.
        }

        client.Dispose();
        server.Dispose();
        lock (_gate)
            _open.RemoveAll(s => s == client || s == server);
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, SocketFlags.None, _end.Token) is > 0 and var read)
            {
                // The network, not the test's clock, is what stands still here.
                while (_isFrozen)
                    await Task.Delay(5, _end.Token);
                for (var sent = 0; sent < read;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), SocketFlags.None, _end.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }
}
