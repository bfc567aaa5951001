namespace Ha.Watchdog;

/// <summary>One connection: how long its client is trusted, and how it will end. Pure: time comes with each call.</summary>
internal sealed class WatchedClient
{
    private const byte MagicClose = (byte)'V';
    private readonly TimeSpan _timeout;
    private readonly TimeSpan _firstLife;
    private readonly byte[] _frame = new byte[FeedFrame.Length];
    private int _held;
    private Protocol _protocol = Protocol.Undecided;

    /// <summary>A client that connected just now; from here on it must give signs of life.</summary>
    public WatchedClient(int processId, TimeSpan now, TimeSpan timeout)
    {
        ProcessId = processId;
        _timeout = timeout;
        _firstLife = now + timeout;
        AliveUntil = _firstLife;
    }

    private enum Protocol
    {
        /// <summary>No byte yet, or only the beginning of the magic.</summary>
        Undecided,

        /// <summary>Any byte is a sign of life.</summary>
        Plain,

        /// <summary>Only a frame with a deadline is one.</summary>
        Framed,

        /// <summary>The stream lost its frames: nothing counts any more, and the client expires.</summary>
        Damaged,
    }

    /// <summary>The peer; 0 if unknown. For messages only.</summary>
    public int ProcessId { get; }

    /// <summary>The client is trusted up to this moment.</summary>
    public TimeSpan AliveUntil { get; private set; }

    /// <summary>The last byte was the magic <c>V</c>: should the connection end now, all is well.</summary>
    public bool ClosesCleanly { get; private set; }

    /// <summary>A warning was given and the danger is not over.</summary>
    public bool IsWarned { get; set; }

    /// <summary>The connection speaks frames and has sent a good one, so its client waits for the answer.</summary>
    public bool HasSentFrame { get; private set; }

    /// <summary>A frame was damaged.</summary>
    public bool IsDamaged => _protocol == Protocol.Damaged;

    /// <summary>No longer trusted.</summary>
    public bool IsExpired(TimeSpan now) => now > AliveUntil;

    /// <summary>In the last sixth of its time (of 60 s: the last 10).</summary>
    public bool IsAboutToExpire(TimeSpan now) => now > AliveUntil - _timeout / 6;

    /// <summary>Takes bytes in the order of their arrival. Several frames at once: the last one is the client's word.</summary>
    public void Receive(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        foreach (var b in bytes)
        {
            if (_protocol == Protocol.Undecided && b != FeedFrame.Magic[_held])
                _protocol = Protocol.Plain;
            ClosesCleanly = b == MagicClose && (_protocol == Protocol.Plain || (_protocol == Protocol.Framed && _held == 0));
            switch (_protocol)
            {
                case Protocol.Plain:
                    AliveUntil = now + _timeout;
                    break;
                case Protocol.Undecided:
                    // Still the life sign of a plain client; taken back should this be the beginning of a frame.
                    AliveUntil = now + _timeout;
                    _frame[_held++] = b;
                    if (_held == FeedFrame.Magic.Length)
                        (_protocol, AliveUntil) = (Protocol.Framed, _firstLife);
                    break;
                case Protocol.Framed when !ClosesCleanly:
                    ReceiveFramed(b, now);
                    break;
            }
        }
    }

    private void ReceiveFramed(byte b, TimeSpan now)
    {
        _frame[_held++] = b;
        if (_held <= FeedFrame.Magic.Length && b != FeedFrame.Magic[_held - 1])
        {
            _protocol = Protocol.Damaged;
            return;
        }

        if (_held < FeedFrame.Length)
            return;
        _held = 0;
        if (FeedFrame.Deadline(_frame) is not { } deadline)
        {
            _protocol = Protocol.Damaged;
            return;
        }

        var longest = now + _timeout;
        AliveUntil = deadline < longest ? deadline : longest;
        HasSentFrame = true;
    }
}
