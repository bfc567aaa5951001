using Ha.Core.Platform;
using Ha.Core.Stores;
using Ha.Node.Loop;
using Microsoft.Extensions.Logging;

namespace Ha.Node.Wake;

/// <summary>Watches the store and wakes the loop. It decides nothing: the round reads.</summary>
/// <param name="store">The store.</param>
/// <param name="rules">What is of interest.</param>
/// <param name="daemon">Whom it wakes.</param>
/// <param name="wake">How it wakes.</param>
/// <param name="retry">How long after a failed watch a new one begins.</param>
/// <param name="time">Counts.</param>
/// <param name="log">Receives a line when a watch fails.</param>
public sealed class StoreWatcher(
    IKeyValueStore store, WakeRules rules, IDaemonRounds daemon, WakeSignal wake, TimeSpan retry, TimeProvider time, ILogger log)
{
    /// <summary>Watches until cancelled.</summary>
    public Task RunAsync(CancellationToken cancel) => Task.WhenAll(rules.Prefixes.Select(p => WatchAsync(p, cancel)));

    private async Task WatchAsync(StoreKey prefix, CancellationToken cancel)
    {
        string? failure = null;
        var filter = new WakeFilter(rules);
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await foreach (var item in store.WatchAsync(prefix, WatchOptions.Default, cancel))
                {
                    failure = null;
                    if (filter.Wakes(item, daemon.IsActive))
                        wake.Wake();
                }
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (StoreException e)
            {
                if (failure != e.Message)
                    log.Write(NodeLog.WatchFailed(prefix, e.Message));
                failure = e.Message;
            }

            await Task.Delay(retry, time, cancel).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }
}
