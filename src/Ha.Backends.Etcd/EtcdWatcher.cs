using Ha.Backends.Etcd.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.Etcd;

/// <summary>All watches of a store. Each has a stream of its own; together they are proven current, a few times a second, by one linearizable transaction that
/// says how many keys each range holds and which changed last.</summary>
/// <remarks>A stream proves nothing by itself: a member without leader is silent, its progress notices are no linearizable reads (and wrong before 3.4.25 and
/// 3.5.8), and there are servers that lose events. What the proof finds missing is a hole, and ends in a resync.</remarks>
internal sealed class EtcdWatcher(EtcdCluster cluster, EtcdReader reader, EtcdKeys keys, EtcdOptions options, TimeProvider time) : IAsyncDisposable
{
    /// <summary>How late a change is noticed if the server's stream keeps it back: two proofs.</summary>
    public static readonly TimeSpan WatchLatency = TimeSpan.FromSeconds(1);

    private const int RangesPerProof = 100;

    private static readonly TimeSpan SlowestProof = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan FastestProof = TimeSpan.FromMilliseconds(40);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _end = new();
    private readonly List<EtcdSubscription> _subscriptions = [];
    private Task _proving = Task.CompletedTask;
    private bool _isProving;

    public EtcdSubscription Subscribe(StoreKey prefix, WatchOptions watch)
    {
        lock (_gate)
        {
            if (_end.IsCancellationRequested)
                throw EtcdErrors.Closed();
            var subscription = new EtcdSubscription(cluster, reader, keys, prefix, watch, options.Timeout, time, Unsubscribe, _end.Token);
            _subscriptions.Add(subscription);
            if (!_isProving)
                (_isProving, _proving) = (true, Task.WhenAll(_proving, Task.Run(ProveAsync)));
            subscription.Start();
            return subscription;
        }
    }

    public async ValueTask DisposeAsync()
    {
        EtcdSubscription[] open;
        lock (_gate)
        {
            _end.Cancel();
            open = [.. _subscriptions];
        }

        foreach (var subscription in open)
            subscription.Fail(EtcdErrors.Closed());
        await _proving;
        foreach (var subscription in open)
            await subscription.DisposeAsync();
        _end.Dispose();
    }

    private void Unsubscribe(EtcdSubscription subscription)
    {
        lock (_gate)
            _subscriptions.Remove(subscription);
    }

    // Ends with the last subscription, so that a store without watches does nothing.
    private async Task ProveAsync()
    {
        var proof = Task.CompletedTask;
        while (true)
        {
            EtcdSubscription[] open;
            lock (_gate)
            {
                _isProving = _subscriptions.Count > 0 && !_end.IsCancellationRequested;
                if (!_isProving)
                    break;
                open = [.. _subscriptions];
            }

            if (proof.IsCompleted)
                proof = ProveAsync([.. open.Where(s => s.IsOpen)]);
            foreach (var subscription in open)
                subscription.Look();
            await Task.Delay(Pace(open), time, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await proof;
    }

    private static TimeSpan Pace(EtcdSubscription[] open)
    {
        var third = open.Min(s => s.StaleAfter) / 3;
        return third < FastestProof ? FastestProof : third < SlowestProof ? third : SlowestProof;
    }

    private async Task ProveAsync(EtcdSubscription[] open)
    {
        foreach (var some in open.Chunk(RangesPerProof))
        {
            var sentAt = time.GetTimestamp();
            var request = new TxnRequest();
            foreach (var subscription in some)
                request.Success.Add(new RequestOp { RequestRange = subscription.Proof });
            try
            {
                var reply = await cluster.CallAsync(EtcdMethods.Txn, request, EtcdCall.Currency, _end.Token);
                for (var i = 0; i < some.Length; i++)
                    some[i].Compare(reply.Header.Revision, reply.Responses[i].ResponseRange, sentAt);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (StoreException e)
            {
                foreach (var subscription in some)
                    subscription.Suffer(e);
            }
        }
    }
}
