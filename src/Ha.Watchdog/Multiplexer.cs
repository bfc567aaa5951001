using System.Runtime.InteropServices;

namespace Ha.Watchdog;

/// <summary>Shares one device among all clients. <see cref="Step"/> belongs to one thread, which talks to clients, and <see cref="Tick"/> to another,
/// which keeps the device alive; so no traffic can hold up a keepalive.</summary>
/// <remarks>Throughout, a failure to act leaves the device armed: being reset is safe, going on in a wrong state is not.</remarks>
internal sealed class Multiplexer
{
    /// <summary>The most clients at once.</summary>
    public const int Capacity = 98;

    private const int WakeEntry = 0;
    private const int ListenEntry = 1;
    private const int FirstClientEntry = 2;
    private const int ReadsAtOnce = 16;
    private static readonly byte[] Welcome = [0x06];

    private readonly Lock _gate = new();
    private readonly Native.PollEntry[] _entries = new Native.PollEntry[FirstClientEntry + Capacity];
    private readonly byte[] _buffer = new byte[4096];
    private readonly IWatchdogDevice _device;
    private readonly ListeningSocket _listening;
    private readonly ActiveMarker _marker;
    private readonly IJournal _journal;
    private readonly Func<TimeSpan> _now;
    private readonly ClientTable _clients;
    private readonly int _retryMilliseconds;
    private volatile bool _hasHangUpSignal;
    private volatile bool _isTerminating;
    private bool _isFinished;

    /// <summary>A multiplexer for a prepared device.</summary>
    /// <exception cref="FatalException">The socket cannot be created; no client was ever connected.</exception>
    public Multiplexer(MuxOptions options, IWatchdogDevice device, IJournal journal, Func<TimeSpan> now)
    {
        (_device, _journal, _now) = (device, journal, now);
        _marker = new ActiveMarker(options.ActiveMarker);
        _clients = new ClientTable(Capacity, options.ClientTimeout, journal);
        _retryMilliseconds = (int)options.Tick.TotalMilliseconds;
        for (var i = 0; i < _entries.Length; i++)
            _entries[i] = new() { Descriptor = -1, Wanted = Native.PollIn };
        _entries[WakeEntry].Descriptor = Native.EventDescriptor(0, Native.NonBlockingCloseOnExec);
        if (_entries[WakeEntry].Descriptor < 0)
            throw new FatalException($"eventfd: {Native.LastError()}");
        _listening = ListeningSocket.Open(options.Socket);
        _entries[ListenEntry].Descriptor = _listening.Descriptor;
    }

    /// <summary>Whether a client ever connected: from then on an error must not disarm the device.</summary>
    public bool HadClient { get; private set; }

    /// <summary>Whether there is nothing left to do but <see cref="Finish"/>.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Keeps the device alive if every client deserves it. Allocates nothing while all is well.</summary>
    public void Tick()
    {
        lock (_gate)
        {
            if (_isFinished || !_clients.IsFeeding)
                return;
            if (!_clients.Tick(_now()))
                Wake();
            else if (_device.KeepAlive() is { } error)
                _journal.Write($"watchdog update failed: {error}");
        }
    }

    /// <summary>Waits for events and handles them.</summary>
    /// <param name="timeoutMilliseconds">How long to wait at most; -1: without limit.</param>
    /// <exception cref="FatalException">A failure that concerns existing clients.</exception>
    public void Step(int timeoutMilliseconds)
    {
        var isAcceptPaused = _entries[ListenEntry].Descriptor < 0;
        var ready = Native.Poll(_entries, isAcceptPaused ? _retryMilliseconds : timeoutMilliseconds);
        if (ready < 0 && Marshal.GetLastPInvokeError() != Native.EInterrupted)
            throw new FatalException($"poll: {Native.LastError()}");
        _entries[ListenEntry].Descriptor = _listening.Descriptor;
        lock (_gate)
        {
            // Taken before reading: a byte that lay waiting is counted too old rather than too young.
            var now = _now();
            for (var i = FirstClientEntry; i < _entries.Length && _clients.IsFeeding && ready > 0; i++)
            {
                if (_entries[i].Ready != 0)
                    ReadFrom(i, now);
            }

            if (_clients.IsFeeding && ready > 0 && _entries[ListenEntry].Ready != 0)
                Accept(now);
            HandleSignals();
            IsDone = _isTerminating || !_clients.IsFeeding;
        }
    }

    /// <summary>Asks the event loop to end. From any thread.</summary>
    public void Terminate()
    {
        _isTerminating = true;
        Wake();
    }

    /// <summary>Has a hang-up signal reported. From any thread.</summary>
    public void HangUp()
    {
        _hasHangUpSignal = true;
        Wake();
    }

    /// <summary>No keepalive is sent any more.</summary>
    public void Stop()
    {
        lock (_gate)
            _isFinished = true;
    }

    /// <summary>Ends: disarms the device if nobody is connected, otherwise leaves it to reset the node.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            _isFinished = true;
            _listening.Remove();
            if (_clients.ActiveCount > 0)
            {
                _journal.Write("exit watchdog-mux with active connections");
                _journal.Sync(beforeExit: true);
                return;
            }

            _journal.Write("clean exit");
            if (_device.Disarm() is { } error)
                _journal.Write(error);
        }
    }

    private void HandleSignals()
    {
        if (_entries[WakeEntry].Ready != 0)
            _ = Native.Read(_entries[WakeEntry].Descriptor, _buffer, 8);
        if (_hasHangUpSignal)
            _journal.Write("got SIGHUP - ignored");
        _hasHangUpSignal = false;
        if (_isTerminating && !IsDone)
            _journal.Write("got terminate request");
    }

    private void Accept(TimeSpan now)
    {
        var descriptor = Native.Accept(_listening.Descriptor, 0, 0, Native.NonBlockingCloseOnExec);
        if (descriptor < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error is Native.ETryAgain or Native.EInterrupted)
                return;
            _journal.Write($"accept: {Native.LastError()}");
            _entries[ListenEntry].Descriptor = -1; // Until the next tick: with no descriptor free, poll would return at once for ever.
            return;
        }

        var slot = _clients.FreeSlot();
        var refusal = slot < 0 ? $"unable to alloc wd_client structure: connection refused, {Capacity} clients are connected"
            : _marker.Set() is { } error2 ? $"unable to create active marker: connection refused, {error2}" : null;
        if (refusal is not null)
        {
            _journal.Write(refusal);
            _ = Native.Close(descriptor);
            return;
        }

        HadClient = true;
        var process = Native.PeerProcess(descriptor);
        if (process is null)
            _journal.Write($"get peer credentials: {Native.LastError()}");
        _entries[FirstClientEntry + slot].Descriptor = descriptor;
        _entries[FirstClientEntry + slot].Ready = 0;
        _clients.Add(slot, process ?? 0, now);
    }

    /// <summary>Reads until nothing is left, so that a farewell and the end behind it are seen together.</summary>
    private void ReadFrom(int entry, TimeSpan now)
    {
        for (var i = 0; i < ReadsAtOnce && _clients.IsFeeding; i++)
        {
            var count = Native.Read(_entries[entry].Descriptor, _buffer, (nuint)_buffer.Length);
            var error = count < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (error is Native.ETryAgain or Native.EInterrupted)
                return;
            // A peer that ends without having read our answer resets the connection: an end like any other.
            if (count == 0 || error == Native.EConnectionReset)
            {
                Disconnect(entry);
                return;
            }

            if (count < 0)
                throw new FatalException($"read: {Native.LastError()}");
            if (_clients.Receive(entry - FirstClientEntry, _buffer.AsSpan(0, (int)count), now))
                _ = Native.Send(_entries[entry].Descriptor, Welcome, (nuint)Welcome.Length, Native.NoSignalDontWait);
        }
    }

    private void Disconnect(int entry)
    {
        if (Native.Close(_entries[entry].Descriptor) != 0)
            throw new FatalException($"close conn_sock: {Native.LastError()}");
        _entries[entry].Descriptor = -1;
        if (_clients.Remove(entry - FirstClientEntry) && _marker.Clear() is { } error)
            _journal.Write($"unable to remove active marker: {error}");
    }

    private void Wake() => _ = Native.Write(_entries[WakeEntry].Descriptor, BitConverter.GetBytes(1L), 8);
}
