using Ha.Core.Stores;

namespace Ha.Backends.Pmxcfs;

/// <summary>Serves all watches of one store from a thread of its own: looks at the counters often, at everything seldom or when a counter has moved.</summary>
internal sealed class PmxcfsWatcher(PmxcfsOptions options, PmxcfsChanges changes, TimeProvider time) : IDisposable
{
    /// <summary>How many looks at the counters alone come between two at everything, which also shows changes of files that have no counter.</summary>
    public const int LooksPerWholeLook = 4;

    private readonly Lock _gate = new();
    private readonly List<PmxcfsSubscription> _subscriptions = [];
    private readonly AutoResetEvent _nudge = new(false);
    private Thread? _thread;
    private bool _stop;

    public PmxcfsSubscription Subscribe(StoreKey prefix, WatchOptions watch)
    {
        var subscription = new PmxcfsSubscription(prefix, watch, time.GetTimestamp());
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

    public void Unsubscribe(PmxcfsSubscription subscription)
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

    private PmxcfsSubscription[] Current()
    {
        lock (_gate)
            return [.. _subscriptions];
    }

    private void Serve(PmxcfsSubscription[] subscriptions, bool isWhole)
    {
        try
        {
            if (!isWhole && Array.TrueForAll(subscriptions, s => s.IsOpen && s.Gap is null) && !changes.HaveMoved())
                return;
            changes.Deliver(subscriptions);
            foreach (var subscription in subscriptions)
            {
                (subscription.CurrentAt, subscription.IsStalled) = (time.GetTimestamp(), false);
                subscription.Buffer.Current(changes.Sequence);
                subscription.Buffer.Wake();
            }
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

    private void Suffer(PmxcfsSubscription[] subscriptions, StoreException failure)
    {
        changes.Forget();
        foreach (var subscription in subscriptions)
        {
            var since = time.GetElapsedTime(subscription.CurrentAt);
            if (!subscription.IsOpen && since > options.Timeout)
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

    private void Fail(PmxcfsSubscription subscription, StoreException failure)
    {
        Unsubscribe(subscription);
        subscription.Buffer.Fail(failure);
        subscription.Buffer.Wake();
    }
}
