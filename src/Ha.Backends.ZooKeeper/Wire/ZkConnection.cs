namespace Ha.Backends.ZooKeeper.Wire;

/// <summary>One connection after its handshake: sends requests as they come, many at a time, and matches answers, which come in the same order.</summary>
/// <remarks>Frames of requests that are posted while another write is on its way go out together with the next.</remarks>
internal sealed class ZkConnection : IAsyncDisposable
{
    // Far more than a server sends: its own limit for nodes is 1 MiB, but a long list of names may be longer.
    private const int LongestFrame = 64 << 20;
    private const int FirstBuffer = 16 * 1024;

    private readonly Lock _gate = new();
    private readonly Stream _stream;
    private readonly Queue<(int Xid, ZkRequest Request)> _waiting = new();
    private readonly int _longestRequest;
    private readonly Action<WatchEvent>? _notified;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private JuteWriter _filling = new();
    private JuteWriter _sending = new();
    private Task _reading = Task.CompletedTask;
    private Exception? _failure;
    private string? _why;
    private int _xid;
    private bool _flushing;
    private int _heard;

    /// <param name="stream">Past the handshake; owned from now on.</param>
    /// <param name="endpoint">For messages.</param>
    /// <param name="session">As the server granted it.</param>
    /// <param name="longestRequest">The longest frame the server takes, without its length field.</param>
    /// <param name="notified">Hears notifications, on the reading loop.</param>
    public ZkConnection(Stream stream, Endpoint endpoint, ZkSession session, int longestRequest, Action<WatchEvent>? notified) =>
        (_stream, Endpoint, Session, _longestRequest, _notified) = (stream, endpoint, session, longestRequest, notified);

    public Endpoint Endpoint { get; }

    public ZkSession Session { get; }

    public bool IsOpen => Volatile.Read(ref _why) is null;

    /// <summary>Completes when the connection has ended, for whatever reason.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Whether anything came since the last call.</summary>
    public bool TakeHeard() => Interlocked.Exchange(ref _heard, 0) != 0;

    /// <summary>Begins to read.</summary>
    public void Start() => _reading = ReadAsync();

    /// <summary>Sends a request.</summary>
    /// <exception cref="ConnectionLostException">The connection has ended; nothing was sent.</exception>
    /// <exception cref="FrameTooLargeException">A frame is above the server's limit; nothing was sent.</exception>
    public void Post(ZkRequest request)
    {
        lock (_gate)
        {
            if (_why is { } why)
                throw new ConnectionLostException(why, wasSent: false, _failure);
            var start = _filling.Length;
            for (var frame = 0; frame < request.Frames; frame++)
            {
                var xid = _xid = _xid == int.MaxValue ? 1 : _xid + 1;
                var at = _filling.BeginFrame();
                _filling.Int(xid);
                request.Write(frame, _filling);
                var length = _filling.EndFrame(at);
                if (length > _longestRequest)
                {
                    _filling.CutBack(start);
                    throw new FrameTooLargeException(length, _longestRequest);
                }
            }

            for (var frame = request.Frames - 1; frame >= 0; frame--)
                _waiting.Enqueue((_xid - frame, request));
            if (_flushing)
                return;
            _flushing = true;
        }

        _ = FlushAsync();
    }

    /// <summary>Shows the server that we live.</summary>
    public void Ping()
    {
        lock (_gate)
        {
            if (_why is not null)
                return;
            var at = _filling.BeginFrame();
            _filling.Int(OpCode.PingXid);
            _filling.Int(OpCode.Ping);
            _filling.EndFrame(at);
            if (_flushing)
                return;
            _flushing = true;
        }

        _ = FlushAsync();
    }

    /// <summary>Ends the connection; what waits for an answer fails.</summary>
    /// <param name="why">For messages; the endpoint is put before it.</param>
    /// <param name="cause">The failure below, if any.</param>
    public void Close(string why, Exception? cause = null)
    {
        ZkRequest[] lost;
        lock (_gate)
        {
            if (_why is not null)
                return;
            (_why, _failure) = ($"{Endpoint}: {why}", cause);
            lost = [.. _waiting.Select(w => w.Request).Distinct()];
            _waiting.Clear();
        }

        _stream.Dispose();
        foreach (var request in lost)
            request.Fail(new ConnectionLostException(_why, wasSent: true, cause));
        _closed.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        Close("closed by this program");
        await _reading;
    }

    private async Task FlushAsync()
    {
        try
        {
            while (true)
            {
                JuteWriter full;
                lock (_gate)
                {
                    _sending.Clear();
                    if (_filling.Length == 0 || _why is not null)
                    {
                        _flushing = false;
                        return;
                    }

                    full = _filling;
                    (_filling, _sending) = (_sending, _filling);
                }

                await _stream.WriteAsync(full.Written);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            Close("the connection broke", e);
        }
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[FirstBuffer];
        var filled = 0;
        try
        {
            while (true)
            {
                var read = await _stream.ReadAsync(buffer.AsMemory(filled));
                if (read == 0)
                {
                    Close("the server closed the connection");
                    return;
                }

                Volatile.Write(ref _heard, 1);
                filled += read;
                var taken = TakeFrames(buffer.AsSpan(0, filled), out var wanted);
                filled -= taken;
                var kept = buffer;
                if (wanted > buffer.Length || (buffer.Length > FirstBuffer && wanted <= FirstBuffer && filled <= FirstBuffer))
                    buffer = new byte[Math.Max(wanted, FirstBuffer)];
                if (filled > 0 && (taken > 0 || kept != buffer))
                    kept.AsSpan(taken, filled).CopyTo(buffer);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            Close("the connection broke", e);
        }
        catch (ProtocolException e)
        {
            Close(e.Message, e);
        }
    }

    // Returns how many bytes made whole frames; wanted is how long the buffer must be for the next.
    private int TakeFrames(ReadOnlySpan<byte> bytes, out int wanted)
    {
        var taken = 0;
        while (true)
        {
            var rest = bytes[taken..];
            wanted = sizeof(int);
            if (rest.Length < sizeof(int))
                return taken;
            var length = new JuteReader(rest).Int();
            if (length is < 16 or > LongestFrame)
                throw new ProtocolException($"a frame of {length} bytes is not ZooKeeper's: check the port");
            wanted = sizeof(int) + length;
            if (rest.Length < wanted)
                return taken;
            TakeFrame(rest.Slice(sizeof(int), length));
            taken += wanted;
        }
    }

    private void TakeFrame(ReadOnlySpan<byte> frame)
    {
        var reader = new JuteReader(frame);
        var header = new ReplyHeader(reader.Int(), (ulong)reader.Long(), (ZkError)reader.Int());
        switch (header.Xid)
        {
            case OpCode.PingXid:
                return;
            case OpCode.NotificationXid:
                var kind = (WatchEventKind)reader.Int();
                reader.Int(); // The state of the connection, which we know better.
                _notified?.Invoke(new WatchEvent(kind, reader.Text()));
                return;
        }

        (int Xid, ZkRequest Request) next;
        lock (_gate)
        {
            if (!_waiting.TryDequeue(out next))
                throw new ProtocolException($"an answer with number {header.Xid}, though nothing was asked");
        }

        try
        {
            if (next.Xid != header.Xid)
                throw new ProtocolException($"an answer with number {header.Xid} where {next.Xid} is due");
            next.Request.Answer(header, ref reader);
        }
        catch (ProtocolException e)
        {
            next.Request.Fail(new ConnectionLostException($"{Endpoint}: {e.Message}", wasSent: true, e));
            throw;
        }
    }
}
