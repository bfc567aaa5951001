using System.Net;
using System.Net.Sockets;

namespace Ha.StoreServers;

/// <summary>An endpoint whose host drops the first packet of every connection, as one behind a silent firewall: connecting neither succeeds nor fails. It is a
/// listener that accepts nobody and whose queue is full.</summary>
public sealed class BlackHole : IDisposable
{
    private static readonly TimeSpan Unanswered = TimeSpan.FromMilliseconds(300);

    private readonly Socket _listener = NewSocket();
    private readonly List<Socket> _queue = [];

    private BlackHole()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(0);
    }

    /// <summary>Where it is, as <c>host:port</c>.</summary>
    public string Endpoint => _listener.LocalEndPoint!.ToString()!;

    /// <summary>Opens one.</summary>
    /// <exception cref="StoreServersException">The queue does not fill on this machine.</exception>
    public static async Task<BlackHole> OpenAsync(CancellationToken cancel)
    {
        var hole = new BlackHole();
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var socket = NewSocket();
            hole._queue.Add(socket);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(Unanswered);
            try
            {
                await socket.ConnectAsync(hole._listener.LocalEndPoint!, limit.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                return hole;
            }
        }

        hole.Dispose();
        throw new StoreServersException("a listener that accepts nobody goes on taking connections here");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener.Dispose();
        _queue.ForEach(s => s.Dispose());
    }

    private static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
}
