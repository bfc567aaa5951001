using Ha.Core.Platform;
using Ha.Core.Stores;
using Microsoft.Extensions.Logging;

namespace Ha.Hosting.Membership;

/// <summary>Keeps one announcement alive, as long as its daemon makes progress: a daemon that hangs must not look alive.</summary>
/// <param name="store">The store.</param>
/// <param name="claim">What is announced.</param>
/// <param name="time">Timers and time stamps.</param>
/// <param name="ttl">How long the announcement outlives us; it is refreshed three times in that time.</param>
/// <param name="patience">How long the daemon may make no progress before it is no longer announced.</param>
/// <param name="log">Receives one line when the announcement fails, and one when it is back.</param>
public sealed class PresenceKeeper(
    IKeyValueStore store, PresenceClaim claim, TimeProvider time, TimeSpan ttl, TimeSpan patience, ILogger log) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private IPresence? _presence;
    private string? _failure;
    private long _progressAt = time.GetTimestamp();
    private Task _work = Task.CompletedTask;

    /// <summary>The work in the background: ends when the keeper is disposed, or fails with what must not happen.</summary>
    public Task Completion => _work;

    /// <summary>The daemon has done something since the last call. May be called from any thread.</summary>
    public void Progress() => Volatile.Write(ref _progressAt, time.GetTimestamp());

    /// <summary>Announces for the first time, and goes on in the background.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        Progress();
        await StepAsync(cancel);
        _work = KeepAsync();
    }

    /// <summary>One step: announces, refreshes, or lets go. Called three times in a TTL; public so that its users can be tested in virtual time.</summary>
    public async Task StepAsync(CancellationToken cancel)
    {
        try
        {
            if (time.GetElapsedTime(Volatile.Read(ref _progressAt)) > patience)
                throw new StoreException(StoreError.PresenceLost, Applied.No, $"no round has ended for more than {patience.TotalSeconds:0.#} s");
            if (_presence is null)
                _presence = await store.AnnounceAsync(claim.Key, claim.Write(), ttl, cancel);
            else
                await _presence.RefreshAsync(cancel);
            if (_failure is not null)
                log.Write(HostingLog.PresenceBack(claim.Key));
            _failure = null;
        }
        catch (StoreException e)
        {
            if (e.Error == StoreError.PresenceLost)
                _presence = null; // What is left of it runs out by itself.
            if (_failure != e.Message)
                log.Write(HostingLog.PresenceFailed(claim.Key, e.Message));
            _failure = e.Message;
        }
    }

    /// <summary>Withdraws the announcement.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        try
        {
            if (_presence is not null)
                await _presence.DisposeAsync();
        }
        catch (StoreException)
        {
            // It runs out by itself.
        }

        _stop.Dispose();
    }

    private async Task KeepAsync()
    {
        try
        {
            while (true)
            {
                // After a failure sooner, so that a short outage of the store does not cost the announcement.
                await Task.Delay(_failure is null ? ttl / 3 : ttl / 6, time, _stop.Token);
                await StepAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The end.
        }
    }
}
