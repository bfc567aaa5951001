using System.Net;
using System.Net.Sockets;

namespace Ha.StoreServers.Local;

/// <summary>Lets clients of one network into another. What it is told to hold it neither passes on nor refuses, so a held client
/// waits as behind a network that drops packets; what was sent meanwhile arrives when it is released, as TCP would send it again.</summary>
/// <param name="listen">Makes the socket that clients connect to.</param>
/// <param name="target">The server.</param>
/// <param name="newSocket">Makes a socket that can reach it.</param>
internal sealed class Forwarder(Func<Socket> listen, IPEndPoint target, Func<Task<Socket>> newSocket) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Socket> _open = [];
    private Socket? _listener;
    private TaskCompletionSource _mayPass = Passing();

    /// <summary>Makes a socket listen.</summary>
    public static Socket Listen(Socket socket, IPEndPoint at)
    {
        socket.Bind(at);
        socket.Listen();
        return socket;
    }

    /// <summary>Begins to accept clients.</summary>
    public void Open()
    {
        if (_listener is not null)
            return;
        _listener = listen();
        _ = AcceptAsync(_listener);
    }

    /// <summary>Refuses clients and cuts those that are connected, as the kernel does for a dead server.</summary>
    public void Close()
    {
        _listener?.Dispose();
        _listener = null;
        lock (_lock)
        {
            _open.ForEach(Cut);
            _open.Clear();
        }
    }

    /// <summary>Passes nothing on.</summary>
    public void Hold()
    {
        if (_mayPass.Task.IsCompleted)
            _mayPass = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Passes on again.</summary>
    public void Release() => _mayPass.TrySetResult();

    public void Dispose()
    {
        Close();
        Release();
    }

    private static TaskCompletionSource Passing()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    /// <summary>Closes without a goodbye; harmless if it is closed already.</summary>
    private static void Cut(Socket socket) => socket.Close(timeout: 0);

    private static bool IsCut(Exception e) => e is SocketException or ObjectDisposedException or OperationCanceledException;

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync();
                client.NoDelay = true;
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (IsCut(e) || e is InvalidOperationException)
        {
            // The listener was closed.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        var server = await newSocket();
        lock (_lock)
            _open.AddRange([client, server]);
        try
        {
            await _mayPass.Task;
            await server.ConnectAsync(target);
            await Task.WhenAll(PumpAsync(client, server), PumpAsync(server, client));
            client.Dispose();
            server.Dispose();
        }
        catch (Exception e) when (IsCut(e))
        {
            Cut(client);
            Cut(server);
        }

        lock (_lock)
        {
            _open.Remove(client);
            _open.Remove(server);
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[32 * 1024];
        try
        {
            while (true)
            {
                var count = await from.ReceiveAsync(buffer);
                await _mayPass.Task;
                if (count == 0)
                {
                    to.Shutdown(SocketShutdown.Send);
                    return;
                }

                for (var sent = 0; sent < count;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
            }
        }
        catch (Exception e) when (IsCut(e))
        {
            // The other direction must not wait for a connection that is gone.
            Cut(from);
            Cut(to);
            throw;
        }
    }
}
