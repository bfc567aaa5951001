using Ha.Core.Stores;

namespace Ha.Backends.ZooKeeper;

/// <summary>The open watches of one store: tells each what concerns it, and says when currency is not proven.</summary>
internal sealed class Subscriptions : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly ZooKeeperOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly List<ZooKeeperSubscription> _open = [];
    private readonly ITimer _timer;
    private string _lastFailure = "no proof yet";

    public Subscriptions(ZooKeeperOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _timer = time.CreateTimer(static all => ((Subscriptions)all!).LookForStalled(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
                return _open.Count == 0;
        }
    }

    /// <summary>Whether one waits for its snapshot or a resync.</summary>
    public bool AnyWaits
    {
        get
        {
            lock (_gate)
                return _open.Exists(s => !s.IsOpen || s.Gap is not null);
        }
    }

    public ZooKeeperSubscription Add(StoreKey prefix, WatchOptions options)
    {
        var subscription = new ZooKeeperSubscription(prefix, options, _time.GetTimestamp());
        lock (_gate)
        {
            _open.Add(subscription);
            if (_open.Count == 1)
                _timer.Change(Look, Look);
        }

        return subscription;
    }

    public void Remove(ZooKeeperSubscription subscription)
    {
        lock (_gate)
        {
            if (_open.Remove(subscription) && _open.Count == 0)
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Tells a change to those whose prefix covers it.</summary>
    public void Tell(WatchItem.Changed change)
    {
        lock (_gate)
        {
            foreach (var subscription in _open)
            {
                if (subscription is { IsOpen: true, Gap: null } && change.Key.IsUnder(subscription.Prefix) && !subscription.Buffer.Changed(change.Key, change.Now, change.Sequence))
                    subscription.Gap = "the reader was too slow";
            }
        }
    }

    /// <summary>What was told so far is a state of the store: gives the whole to those that were too slow, and lets all look.</summary>
    public void Wake(NodeCache cache, ulong sequence)
    {
        lock (_gate)
        {
            foreach (var subscription in _open)
            {
                if (subscription is { IsOpen: true, Gap: { } gap })
                    Resync(subscription, gap, cache, sequence);
                subscription.Buffer.Wake();
            }
        }
    }

    /// <summary>The store is about to be asked: what it answers is good for those that are here by now. A watch shows all that was written before it
    /// began.</summary>
    public void Asking()
    {
        lock (_gate)
            _open.ForEach(static s => s.IsAsked = true);
    }

    /// <summary>What was told so far is the state of the store: begins those that wait, and tells all that they are current.</summary>
    public void Proven(NodeCache cache, ulong sequence)
    {
        lock (_gate)
        {
            foreach (var subscription in _open)
            {
                if (!subscription.IsAsked)
                    continue;
                if (!subscription.IsOpen)
                    subscription.Buffer.Snapshot(cache.List(subscription.Prefix, sequence));
                else if (subscription.Gap is { } gap)
                    Resync(subscription, gap, cache, sequence);
                (subscription.IsOpen, subscription.Gap, subscription.IsStalled, subscription.CurrentAt) = (true, null, false, _time.GetTimestamp());
                subscription.Buffer.Current(sequence);
                subscription.Buffer.Wake();
            }
        }
    }

    /// <summary>The connection is lost: changes may be missed from now on. Ends those that cannot go on.</summary>
    public void Suffer(StoreException failure)
    {
        lock (_gate)
        {
            _lastFailure = failure.Message;
            foreach (var subscription in _open.ToArray())
            {
                var isHopeless = failure.Error is StoreError.Regressed or StoreError.Mismatch or StoreError.Unauthorized or StoreError.Unauthenticated;
                if (isHopeless || (!subscription.IsOpen && _time.GetElapsedTime(subscription.CurrentAt) > _options.Timeout))
                    Fail(subscription, failure);
                else
                    subscription.Gap = failure.Message;
            }
        }
    }

    public void FailAll(StoreException failure)
    {
        lock (_gate)
        {
            foreach (var subscription in _open.ToArray())
                Fail(subscription, failure);
        }
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private static void Resync(ZooKeeperSubscription subscription, string gap, NodeCache cache, ulong sequence)
    {
        subscription.Buffer.Resync(gap, cache.List(subscription.Prefix, sequence));
        subscription.Gap = null;
    }

    private void Fail(ZooKeeperSubscription subscription, StoreException failure)
    {
        _open.Remove(subscription);
        subscription.Buffer.Fail(failure);
        subscription.Buffer.Wake();
    }

    private void LookForStalled()
    {
        lock (_gate)
        {
            foreach (var subscription in _open)
            {
                var since = _time.GetElapsedTime(subscription.CurrentAt);
                // Counted from when the next proof was due: until then silence means nothing.
                if (!subscription.IsOpen || subscription.IsStalled || since < _options.ProofInterval + subscription.StaleAfter)
                    continue;
                subscription.IsStalled = true;
                subscription.Buffer.Stalled(since, _lastFailure);
                subscription.Buffer.Wake();
            }
        }
    }
}
