using Ha.Core.Stores;

namespace Ha.Backends.Pmxcfs;

/// <summary>Serves all watches of one store from a thread of its own: looks at the counters often, at everything seldom or when a counter has moved.</summary>
internal sealed class PmxcfsWatcher(PmxcfsOptions options, PmxcfsChanges changes, TimeProvider time) : IDisposable
{
    /// <summary>How many looks at the counters alone come between two at everything, which also shows changes of files that have no counter.</summary>
    public const int LooksPerWholeLook = 4;

    private readonly Lock _gate = new();
    private readonly List<PolledWatch> _subscriptions = [];
    private readonly AutoResetEvent _nudge = new(false);
    private Thread? _thread;
    private bool _stop;

    public PolledWatch Subscribe(StoreKey prefix, WatchOptions watch)
    {
        var subscription = new PolledWatch(prefix, watch, time);
        lock (_gate)
        {
            if (_stop)
                throw PmxcfsErrors.Closed(options);
            _subscriptions.Add(subscription);
            if (_thread is null)
            {
                _thread = new Thread(Work) { Name = "pmxcfs watch", IsBackground = true };
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

        if (thread is null || thread.Join(options.Timeout))
            _nudge.Dispose();
    }

    private void Work()
    {
        var isWhole = true;
        var looks = 0;
        for (var subscriptions = Current(); !_stop; subscriptions = Current())
        {
            if (subscriptions.Length > 0)
                Serve(subscriptions, isWhole);
            else
                changes.Forget();
            looks = isWhole ? 1 : looks + 1;
            var isNudged = _nudge.WaitOne(subscriptions.Length > 0 ? options.Poll : Timeout.InfiniteTimeSpan);
            isWhole = isNudged || looks >= LooksPerWholeLook;
        }

        foreach (var subscription in Current())
            Fail(subscription, PmxcfsErrors.Closed(options));
    }

    private PolledWatch[] Current()
    {
        lock (_gate)
            return [.. _subscriptions];
    }

    private void Serve(PolledWatch[] subscriptions, bool isWhole)
    {
        try
        {
            if (!isWhole && Array.TrueForAll(subscriptions, s => s.IsOpen && s.Gap is null) && !changes.HaveMoved())
                return;
            changes.Deliver(subscriptions);
            foreach (var subscription in subscriptions)
                subscription.Prove(time.GetTimestamp(), changes.Sequence);
        }
        catch (StoreException e)
        {
            Suffer(subscriptions, e);
        }
        catch (DocumentException e)
        {
            Suffer(subscriptions, new StoreException(StoreError.Unavailable, Applied.No, e.Message, e));
        }
    }

    private void Suffer(PolledWatch[] subscriptions, StoreException failure)
    {
        changes.Forget();
        foreach (var subscription in subscriptions)
        {
            if (!subscription.Suffer(failure, options.Timeout))
                Fail(subscription, failure);
        }
    }

    private void Fail(PolledWatch subscription, StoreException failure)
    {
        Unsubscribe(subscription);
        subscription.Fail(failure);
    }
}
