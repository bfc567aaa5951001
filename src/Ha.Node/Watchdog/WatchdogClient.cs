using System.Net.Sockets;
using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;
using Microsoft.Extensions.Logging;

namespace Ha.Node.Watchdog;

/// <summary>This process's connection to <c>watchdog-mux</c>, with feeds that carry their deadline. For one thread at a time.</summary>
/// <remarks>
/// It never connects again after a failed feed: the multiplexer still counts the first connection, and it or the hardware resets the node.
/// The socket is close-on-exec, so programs started by this process do not hold it open and hide our death.
/// </remarks>
public sealed class WatchdogClient : IWatchdog, IDisposable
{
    private const byte Welcome = 0x06;
    private static readonly byte[] _magicClose = "V"u8.ToArray();

    private readonly UnixDomainSocketEndPoint _endPoint;
    private readonly IStoreClock _clock;
    private readonly ILogger _log;
    private readonly byte[] _frame = new byte[FeedFrameWriter.Length];
    private Socket? _socket;

    /// <summary>A client that is not connected yet.</summary>
    /// <param name="socketPath">The multiplexer's socket; at most 107 bytes.</param>
    /// <param name="clock">The clock that deadlines are given on (<see cref="IStoreClock.HolderNow"/>).</param>
    /// <param name="log">For state changes and failures.</param>
    /// <exception cref="ArgumentException">The path is no socket path: empty or too long.</exception>
    public WatchdogClient(string socketPath, IStoreClock clock, ILogger log)
    {
        SocketPath = socketPath;
        _endPoint = new UnixDomainSocketEndPoint(socketPath);
        _clock = clock;
        _log = log;
    }

    /// <summary>The multiplexer's socket.</summary>
    public string SocketPath { get; }

    /// <summary>How long opening may take, answer included; the deadline limits it further. Default 2 s.</summary>
    public TimeSpan OpenLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public bool IsOpen => _socket is not null;

    /// <inheritdoc/>
    /// <remarks>Returns only after the multiplexer answered that it watches us: to be connected may also mean to wait in a queue that nobody reads.</remarks>
    public async Task OpenAsync(Instant deadline, CancellationToken cancel)
    {
        if (IsOpen)
            throw new PlatformException("watchdog already open");
        var left = deadline - _clock.HolderNow;
        if (left <= TimeSpan.Zero)
            throw new PlatformException("unable to open watchdog socket - the deadline has passed: renew the lock first");

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(left < OpenLimit ? left : OpenLimit);
        try
        {
            await socket.ConnectAsync(_endPoint, limit.Token);
            if (Send(socket, deadline) is { } error)
                throw Refused(error);
            await ReceiveWelcomeAsync(socket, limit.Token);
        }
        catch (Exception e)
        {
            // Nothing runs under this connection yet, so it may go in peace.
            TrySend(socket, _magicClose, out _);
            socket.Dispose();
            cancel.ThrowIfCancellationRequested();
            throw e switch
            {
                PlatformException => e,
                SocketException s => Refused(s.Message, s),
                OperationCanceledException => Refused("no answer in time", e),
                _ => new InvalidOperationException("opening the watchdog fails only in known ways", e),
            };
        }

        _socket = socket;
        _log.Write(WatchdogLog.Active);
    }

    /// <inheritdoc/>
    /// <remarks>Never blocks: if the multiplexer does not take the frame at once, the feed has failed.</remarks>
    public Task<bool> FeedAsync(Instant deadline, CancellationToken cancel)
    {
        var socket = _socket ?? throw new InvalidOperationException("only an open watchdog is fed");
        var error = deadline > _clock.HolderNow ? Send(socket, deadline) : "the deadline has passed";
        if (error is not null)
            _log.Write(WatchdogLog.UpdateFailed(error));
        return Task.FromResult(error is null);
    }

    /// <inheritdoc/>
    /// <remarks>If the farewell cannot be sent, the failure is logged and the connection stays open: to drop it would reset the node.</remarks>
    public Task CloseAsync(CancellationToken cancel)
    {
        var socket = _socket ?? throw new InvalidOperationException("only an open watchdog is closed");
        if (!TrySend(socket, _magicClose, out var error))
        {
            _log.Write(WatchdogLog.CloseFailed(error));
            return Task.CompletedTask;
        }

        _socket = null;
        socket.Dispose();
        _log.Write(WatchdogLog.Closed);
        return Task.CompletedTask;
    }

    /// <summary>Drops an open connection without farewell, as the end of the process would: the node is reset.</summary>
    public void Dispose() => _socket?.Dispose();

    private static bool TrySend(Socket socket, ReadOnlySpan<byte> bytes, out string error)
    {
        var count = 0;
        try
        {
            count = socket.Send(bytes, SocketFlags.None, out var code);
            error = code == SocketError.Success ? $"write {count} bytes" : new SocketException((int)code).Message;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            error = e.Message;
        }

        return count == bytes.Length;
    }

    /// <summary>Sends a frame; returns the error, or null.</summary>
    private string? Send(Socket socket, Instant deadline)
    {
        // The boot clock first: a pause between the two readings can only make the deadline earlier.
        var now = BootClock.Now;
        var left = deadline - _clock.HolderNow;
        FeedFrameWriter.Write(_frame, now + left);
        return TrySend(socket, _frame, out var error) ? null : error;
    }

    private async Task ReceiveWelcomeAsync(Socket socket, CancellationToken cancel)
    {
        var answer = new byte[1];
        var count = await socket.ReceiveAsync(answer, cancel);
        if (count == 0 || answer[0] != Welcome)
            throw Refused(count == 0 ? "the multiplexer closed the connection" : $"unexpected answer 0x{answer[0]:x2}");
    }

    private PlatformException Refused(string error, Exception? cause = null) =>
        new($"unable to open watchdog socket - {error} ({SocketPath}): is watchdog-mux running, and are its messages in order?", cause);
}
