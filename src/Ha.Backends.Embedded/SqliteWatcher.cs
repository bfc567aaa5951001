using Ha.Core.Stores;
using Microsoft.Data.Sqlite;

namespace Ha.Backends.Embedded;

/// <summary>One open watch of a SQLite store.</summary>
internal sealed class SqliteSubscription(StoreKey prefix, WatchOptions options, long now)
{
    public StoreKey Prefix => prefix;

    public TimeSpan StaleAfter => options.StaleAfter;

    public WatchBuffer Buffer { get; } = new(options.BufferedKeys);

    /// <summary>Whether the snapshot was posted.</summary>
    public bool IsOpen { get; set; }

    public bool IsStalled { get; set; }

    /// <summary>Why the next listing is a resync; null: no need.</summary>
    public string? Gap { get; set; }

    /// <summary>When currency was last proven, as a time stamp.</summary>
    public long CurrentAt { get; set; } = now;
}

/// <summary>Serves all watches of one store from a thread and a connection of its own: polls cheaply, reads only what changed.</summary>
internal sealed class SqliteWatcher(SqlitePlace place, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Pulse = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly List<SqliteSubscription> _subscriptions = [];
    private readonly AutoResetEvent _nudge = new(false);
    private readonly SqliteChanges _changes = new(place);
    private Thread? _thread;
    private long _pulsedAt;
    private bool _stop;

    public SqliteSubscription Subscribe(StoreKey prefix, WatchOptions options)
    {
        var subscription = new SqliteSubscription(prefix, options, time.GetTimestamp());
        lock (_gate)
        {
            if (_stop)
                throw SqliteErrors.Closed(place.Options);
            _subscriptions.Add(subscription);
            if (_thread is null)
            {
                _thread = new Thread(Work) { Name = "sqlite watch", IsBackground = true };
                _thread.Start();
            }
        }

        Nudge();
        return subscription;
    }

    public void Unsubscribe(SqliteSubscription subscription)
    {
        lock (_gate)
            _subscriptions.Remove(subscription);
    }

    /// <summary>Something was written here: look at once.</summary>
    public void Nudge()
    {
        lock (_gate)
        {
            if (_thread is not null && !_stop)
                _nudge.Set();
        }
    }

    public void Dispose()
    {
        Thread? thread;
        lock (_gate)
        {
            (_stop, thread) = (true, _thread);
            _nudge.Set();
        }

        if (thread is null || thread.Join(place.Options.Timeout))
            _nudge.Dispose();
    }

    private void Work()
    {
        for (var subscriptions = Current(); !_stop; subscriptions = Current())
        {
            if (subscriptions.Length > 0)
                Serve(subscriptions);
            else
                _changes.Forget();
            _nudge.WaitOne(subscriptions.Length > 0 ? Poll : Timeout.InfiniteTimeSpan);
        }

        _changes.Dispose();
        foreach (var subscription in Current())
            Fail(subscription, SqliteErrors.Closed(place.Options));
    }

    private SqliteSubscription[] Current()
    {
        lock (_gate)
            return [.. _subscriptions];
    }

    private void Serve(SqliteSubscription[] subscriptions)
    {
        try
        {
            var pulse = time.GetElapsedTime(_pulsedAt) >= Pulse;
            if (!_changes.Deliver(subscriptions) && !pulse)
                return;
            _pulsedAt = time.GetTimestamp();
            foreach (var subscription in subscriptions)
            {
                (subscription.CurrentAt, subscription.IsStalled) = (_pulsedAt, false);
                subscription.Buffer.Current(_changes.Sequence);
                subscription.Buffer.Wake();
            }
        }
        catch (SqliteException e)
        {
            Suffer(subscriptions, SqliteErrors.Translate(e, place.Options, committing: false));
        }
        catch (StoreException e)
        {
            Suffer(subscriptions, e);
        }
    }

    private void Suffer(SqliteSubscription[] subscriptions, StoreException failure)
    {
        _changes.Forget();
        foreach (var subscription in subscriptions)
        {
            var since = time.GetElapsedTime(subscription.CurrentAt);
            var isHopeless = failure.Error is StoreError.Regressed or StoreError.Mismatch;
            if (isHopeless || (!subscription.IsOpen && since > place.Options.Timeout))
            {
                Fail(subscription, failure);
                continue;
            }

            subscription.Gap = failure.Message;
            if (!subscription.IsOpen || subscription.IsStalled || since < subscription.StaleAfter)
                continue;
            subscription.IsStalled = true;
            subscription.Buffer.Stalled(since, failure.Message);
            subscription.Buffer.Wake();
        }
    }

    private void Fail(SqliteSubscription subscription, StoreException failure)
    {
        Unsubscribe(subscription);
        subscription.Buffer.Fail(failure);
        subscription.Buffer.Wake();
    }
}
