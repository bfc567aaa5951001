using Ha.Core.Platform;
using Ha.Core.Stores;

namespace Ha.Hosting;

/// <summary>The lock under which documents are read, changed and written back, one writer in the whole cluster at a time.</summary>
/// <remarks>It spares writers from each other; it is not what keeps documents whole. Every write under it is a compare-and-set as well, so
/// a writer that was paused for longer than the lock lives overwrites nobody.</remarks>
/// <param name="store">The store.</param>
/// <param name="holder">Who asks, such as <c>node1/ha-manager</c>; shown to others.</param>
/// <param name="time">Measures the limits.</param>
/// <param name="pause">The pauses between two tries.</param>
/// <param name="say">Receives a line, at most once a second, while somebody else holds the lock.</param>
public sealed class ConfigurationLock(ILockingKvStore store, string holder, TimeProvider time, IPause pause, Action<string>? say = null)
{
    /// <summary>How long to try for the lock.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a change may take once the lock is held.</summary>
    public static TimeSpan ActionLimit { get; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a crashed holder keeps the lock. Shorter than <see cref="Patience"/>, rate margin included: where silence has to be
    /// witnessed by the one that waits, a crashed command would otherwise block all later ones for ever.</summary>
    public static TimeSpan Ttl { get; } = TimeSpan.FromSeconds(8);

    /// <summary>Does something under the lock.</summary>
    /// <param name="action">What to do; its own failures pass through.</param>
    /// <param name="cancel">Ends the wait and the action.</param>
    /// <exception cref="PlatformException">The lock was not to be had, or the action took too long.</exception>
    public async Task RunAsync(Func<CancellationToken, Task> action, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(action);
        var handle = await AcquireAsync(cancel);
        using var limit = new CancellationTokenSource(ActionLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            await action(either.Token);
        }
        catch (Exception e) when (limit.IsCancellationRequested && !cancel.IsCancellationRequested && e is OperationCanceledException or StoreException)
        {
            throw new PlatformException("'domain-ha'-locked command timed out - aborting", e);
        }
        finally
        {
            await ReleaseAsync(handle);
        }
    }

    private async Task<ILockHandle> AcquireAsync(CancellationToken cancel)
    {
        var start = time.GetTimestamp();
        long? said = null;
        while (true)
        {
            var failure = "got lock request timeout";
            try
            {
                if (await store.TryAcquireAsync(DocumentKeys.ConfigurationLock, new LockOptions(holder, Ttl), cancel) is LockAttempt.Granted granted)
                    return granted.Handle;
            }
            catch (StoreException e) when (e.Error is StoreError.Unavailable or StoreError.OutcomeUnknown)
            {
                failure = "no quorum!";
            }

            var left = Patience - time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
                throw new PlatformException($"cfs-lock 'domain-ha' error: {failure}");
            if (said is null || time.GetElapsedTime(said.Value) >= TimeSpan.FromSeconds(1))
            {
                said = time.GetTimestamp();
                say?.Invoke("trying to acquire cfs lock 'domain-ha' ...");
            }

            await pause.ForAsync(TimeSpan.FromSeconds(0.1 * Math.Max(1, Math.Floor(left.TotalSeconds))), cancel);
        }
    }

    private static async Task ReleaseAsync(ILockHandle handle)
    {
        try
        {
            // Also after cancellation: a lock that is not given back makes the next one wait.
            await handle.ReleaseAsync(CancellationToken.None);
        }
        catch (StoreException)
        {
            // It ends by itself; what was done under it is done.
        }
    }
}
