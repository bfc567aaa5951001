using Ha.Core.Stores;
using Microsoft.Data.Sqlite;

namespace Ha.Backends.Embedded;

/// <summary>Serves all watches of one store from a thread and a connection of its own: polls cheaply, reads only what changed.</summary>
internal sealed class SqliteWatcher(SqlitePlace place, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(80);
    private static readonly TimeSpan Pulse = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly List<PolledWatch> _subscriptions = [];
    private readonly AutoResetEvent _nudge = new(false);
    private readonly SqliteChanges _changes = new(place);
    private Thread? _thread;
    private long _pulsedAt;
    private bool _stop;

    public PolledWatch Subscribe(StoreKey prefix, WatchOptions options)
    {
        var subscription = new PolledWatch(prefix, options, time);
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

    public void Unsubscribe(PolledWatch subscription)
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

    private PolledWatch[] Current()
    {
        lock (_gate)
            return [.. _subscriptions];
    }

    private void Serve(PolledWatch[] subscriptions)
    {
        try
        {
            var pulse = time.GetElapsedTime(_pulsedAt) >= Pulse;
            if (!_changes.Deliver(subscriptions) && !pulse)
                return;
            _pulsedAt = time.GetTimestamp();
            foreach (var subscription in subscriptions)
                subscription.Prove(_pulsedAt, _changes.Sequence);
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

    private void Suffer(PolledWatch[] subscriptions, StoreException failure)
    {
        _changes.Forget();
        var isHopeless = failure.Error is StoreError.Regressed or StoreError.Mismatch;
        foreach (var subscription in subscriptions)
        {
            if (isHopeless || !subscription.Suffer(failure, place.Options.Timeout))
                Fail(subscription, failure);
        }
    }

    private void Fail(PolledWatch subscription, StoreException failure)
    {
        Unsubscribe(subscription);
        subscription.Fail(failure);
    }
}
