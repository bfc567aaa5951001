using Ha.Core.Stores;

namespace Ha.Testing;

/// <summary>What goes wrong between one client and its store. Set by a test, obeyed by <see cref="FaultyStore"/> and <see cref="FaultyLockingStore"/>.</summary>
public sealed class StoreFaults
{
    private readonly Lock _gate = new();
    private readonly HashSet<WatchConnection> _connections = [];
    private HeldCall? _nextRequest;
    private HeldCall? _nextReply;
    private bool _loseNextReply;
    private bool _loseConnection;
    private bool _unreachable;
    private TaskCompletionSource _reachable = Completed();

    /// <summary>Whether the store itself is told of <see cref="Unreachable"/>, so that its own refusals and its own watches are tested; then nothing
    /// is done about it here.</summary>
    public bool StoreFeelsOutages { get; set; }

    /// <summary>No request reaches the store, and watches hear nothing: calls fail as unavailable, nothing applied.</summary>
    public bool Unreachable
    {
        get
        {
            lock (_gate)
                return _unreachable;
        }

        set
        {
            lock (_gate)
            {
                if (value == _unreachable)
                    return;
                _unreachable = value;
                if (StoreFeelsOutages)
                    return;
                if (value)
                    _reachable = new(TaskCreationOptions.RunContinuationsAsynchronously);
                else
                    _reachable.SetResult();
            }

            if (value)
                CutWatches();
        }
    }

    /// <summary>Completes once the store can be reached.</summary>
    public Task Reachable
    {
        get
        {
            lock (_gate)
                return _reachable.Task;
        }
    }

    /// <summary>The next write is stopped on its way to the store until the test lets it go; it arrives then, whatever became of its sender.</summary>
    public HeldCall HoldNextRequest() => _nextRequest = new HeldCall();

    /// <summary>The next write is carried out, and its answer stopped until the test lets it go.</summary>
    public HeldCall HoldNextReply() => _nextReply = new HeldCall();

    /// <summary>The next write is carried out, and its answer lost.</summary>
    /// <param name="andConnection">Whether the store is <see cref="Unreachable"/> from then on, so that nobody can read back what happened.</param>
    public void LoseNextReply(bool andConnection = false) => (_loseNextReply, _loseConnection) = (true, andConnection);

    /// <summary>Every open watch loses its connection, with what was on its way.</summary>
    public void CutWatches()
    {
        WatchConnection[] connections;
        lock (_gate)
            connections = [.. _connections];
        foreach (var connection in connections)
            connection.Cut();
    }

    /// <summary>Carries out a read under these faults.</summary>
    public async Task<T> ReadAsync<T>(string what, Func<CancellationToken, Task<T>> call, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(call);
        ThrowIfUnreachable(what);
        return await call(cancel);
    }

    /// <summary>Carries out a write under these faults. Cancelled while it is held, it is an unknown outcome, and still arrives.</summary>
    public async Task<T> WriteAsync<T>(string what, Func<CancellationToken, Task<T>> call, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(call);
        ThrowIfUnreachable(what);
        var request = Interlocked.Exchange(ref _nextRequest, null);
        var reply = Interlocked.Exchange(ref _nextReply, null);
        var (lose, loseConnection) = (_loseNextReply, _loseConnection);
        (_loseNextReply, _loseConnection) = (false, false);
        if (request is null && reply is null && !lose)
            return await call(cancel);
        cancel.ThrowIfCancellationRequested();
        try
        {
            return await FlyAsync().WaitAsync(cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw new StoreException(StoreError.OutcomeUnknown, Applied.Maybe, $"{what}: cancelled after it was sent");
        }

        async Task<T> FlyAsync()
        {
            if (request is not null)
                await request.PassAsync();
            var answer = await call(CancellationToken.None);
            if (reply is not null)
                await reply.PassAsync();
            if (!lose)
                return answer;
            if (loseConnection)
                Unreachable = true;
            throw new StoreException(StoreError.OutcomeUnknown, Applied.Maybe, $"{what}: the answer was lost");
        }
    }

    /// <summary>Opens a watch connection that ends when it is cut, cancelled or disposed.</summary>
    internal WatchConnection Connect(CancellationToken cancel)
    {
        var connection = new WatchConnection(this, cancel);
        lock (_gate)
        {
            _connections.Add(connection);
            if (!_unreachable || StoreFeelsOutages)
                return connection;
        }

        connection.Cut();
        return connection;
    }

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    private void ThrowIfUnreachable(string what)
    {
        if (Unreachable && !StoreFeelsOutages)
            throw new StoreException(StoreError.Unavailable, Applied.No, $"{what}: the store cannot be reached");
    }

    /// <summary>One connection of one watch.</summary>
    internal sealed class WatchConnection : IDisposable
    {
        private readonly StoreFaults _faults;
        private readonly CancellationTokenSource _end;
        private volatile bool _cut;

        public WatchConnection(StoreFaults faults, CancellationToken cancel)
        {
            _faults = faults;
            _end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            End = _end.Token;
        }

        public CancellationToken End { get; }

        public bool IsCut => _cut;

        public void Cut()
        {
            _cut = true;
            try
            {
                _end.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It ended by itself in the meantime.
            }
        }

        public void Dispose()
        {
            lock (_faults._gate)
                _faults._connections.Remove(this);
            _end.Dispose();
        }
    }
}

/// <summary>A call that a test holds up.</summary>
public sealed class HeldCall
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a call has come to the point where it is held.</summary>
    public Task Arrived => _arrived.Task;

    /// <summary>Lets the call go on.</summary>
    public void Release() => _released.TrySetResult();

    internal Task PassAsync()
    {
        _arrived.TrySetResult();
        return _released.Task;
    }
}
