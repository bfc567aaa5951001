using Ha.Backends.ZooKeeper.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.ZooKeeper;

/// <summary>Serves all watches of one store over a session of its own, so that a long listing delays no renewal.</summary>
internal sealed class ZooKeeperWatcher : IAsyncDisposable
{
    private static readonly TimeSpan Session = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan IdleFor = TimeSpan.FromSeconds(5);

    private readonly ZooKeeperPlace _place;
    private readonly TimeProvider _time;
    private readonly ZooKeeperLink _link;
    private readonly WakeSignal _wake = new();
    private readonly NodeCache _cache = new();
    private readonly DirtyNodes _dirty;
    private readonly Subscriptions _subscriptions;
    private readonly HashSet<Endpoint> _withoutLasting = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly Random _jitter;
    private Task _work = Task.CompletedTask;
    private int _failures;
    private bool _isWorking;

    public ZooKeeperWatcher(ZooKeeperPlace place, TimeProvider time, int seed)
    {
        (_place, _time, _jitter) = (place, time, new Random(seed));
        _dirty = new DirtyNodes(place.Keys, _wake.Set);
        _subscriptions = new Subscriptions(place.Options, time);
        _link = new ZooKeeperLink(place, time, LinkKind.Ordinary, Session, seed, _dirty.Mark);
    }

    public ZooKeeperSubscription Subscribe(StoreKey prefix, WatchOptions options)
    {
        lock (_gate)
        {
            if (_end.IsCancellationRequested)
                throw ZooKeeperErrors.Closed(_place.Options.Location);
            var subscription = _subscriptions.Add(prefix, options);
            if (!_isWorking)
                (_isWorking, _work) = (true, WorkAsync());
            _wake.Set();
            return subscription;
        }
    }

    public void Unsubscribe(ZooKeeperSubscription subscription) => _subscriptions.Remove(subscription);

    /// <summary>Ends the work; open watches fail.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
            _end.Cancel();
        _wake.Set();
        await _work;
        await _link.DisposeAsync();
        _subscriptions.FailAll(ZooKeeperErrors.Closed(_place.Options.Location));
        await _subscriptions.DisposeAsync();
        _end.Dispose();
    }

    private async Task WorkAsync()
    {
        await Task.Yield(); // The caller holds the gate.
        while (!_end.IsCancellationRequested)
        {
            while (_subscriptions.IsEmpty && !_end.IsCancellationRequested)
                await _wake.WaitAsync(IdleFor, _time);
            try
            {
                await FollowAsync();
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                return;
            }
            catch (ConnectionLostException e)
            {
                _subscriptions.Suffer(ZooKeeperErrors.Unavailable(e.Message, e));
            }
            catch (StoreException e)
            {
                _subscriptions.Suffer(e);
            }

            if (_failures++ > 0)
                await Task.Delay(Pause(_failures), _time, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // One connection's life. Returns when nobody watches any more.
    private async Task FollowAsync()
    {
        var connection = await _link.ConnectAsync(Deadline.In(_place.Options.Timeout, _time), _end.Token);
        using var closing = new ClosingWakes(connection, _wake);
        var follower = new NodeFollower(connection, _place, _cache, _dirty, await WatchAllAsync(connection), _time, _end.Token);
        _subscriptions.Asking();
        var zxid = await follower.LoadAsync();
        _subscriptions.Proven(_cache, zxid);
        // Connections that are cut again and again, but carry the whole state in between, must not make watches wait ever longer. They do not earn
        // to be replaced without any pause, as one that has lived for a while.
        _failures = Math.Min(_failures, 1);
        var provenAt = _time.GetTimestamp();
        var emptySince = provenAt;
        while (!_end.IsCancellationRequested)
        {
            if (!_subscriptions.IsEmpty)
                emptySince = _time.GetTimestamp();
            else if (_time.GetElapsedTime(emptySince) > IdleFor)
                break;
            var due = _place.Options.ProofInterval - _time.GetElapsedTime(provenAt);
            await _wake.WaitAsync(_subscriptions.AnyWaits ? TimeSpan.Zero : due, _time);
            if (due > TimeSpan.Zero && !_subscriptions.AnyWaits && connection.IsOpen)
            {
                await follower.CatchUpAsync(_subscriptions.Tell);
                _subscriptions.Wake(_cache, zxid);
                continue;
            }

            _subscriptions.Asking();
            zxid = await follower.ProveAsync(_subscriptions.Tell);
            _subscriptions.Proven(_cache, zxid);
            provenAt = _time.GetTimestamp();
            _failures = 0;
        }

        connection.Close("nobody watches");
    }

    // Whether the server knows lasting watches. One that does not ends the session, so it is asked only once.
    private async Task<bool> WatchAllAsync(ZkConnection connection)
    {
        if (_withoutLasting.Contains(connection.Endpoint))
            return false;
        var request = PlainRequest.WatchAll(_place.Keys.Root);
        connection.Post(request);
        try
        {
            await request.Done.WaitAsync(_place.Options.Timeout, _time, _end.Token);
        }
        catch (TimeoutException)
        {
            connection.Close("no answer to a watch");
            throw new ConnectionLostException($"{connection.Endpoint} did not answer", wasSent: true);
        }

        if (request.Error == ZkError.Unimplemented)
        {
            _withoutLasting.Add(connection.Endpoint);
            connection.Close("it does not know lasting watches");
            throw new ConnectionLostException($"{connection.Endpoint} does not know lasting watches", wasSent: true);
        }

        return request.Error == ZkError.Ok ? true : throw ZooKeeperErrors.Refused(request.Error, $"watching {_place.Keys.Root}", connection.Endpoint, isWrite: false);
    }

    // Full jitter: clients that lost the same server must not all come back at once.
    private TimeSpan Pause(int failures)
    {
        var longest = Math.Min(LongestPause.TotalMilliseconds, ShortestPause.TotalMilliseconds * Math.Pow(2, Math.Min(failures, 10)));
        return TimeSpan.FromMilliseconds(_jitter.NextDouble() * longest);
    }

    /// <summary>Wakes the work when its connection ends.</summary>
    private sealed class ClosingWakes : IDisposable
    {
        private WakeSignal? _wake;

        public ClosingWakes(ZkConnection connection, WakeSignal wake)
        {
            _wake = wake;
            _ = connection.Closed.ContinueWith(_ => Volatile.Read(ref _wake)?.Set(), TaskScheduler.Default);
        }

        public void Dispose() => Volatile.Write(ref _wake, null);
    }
}
