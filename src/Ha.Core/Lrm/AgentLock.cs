using Ha.Core.Platform;
using Ha.Core.Stores;

namespace Ha.Core.Lrm;

/// <summary>The right to run services: the node's agent lock together with the watchdog. First the lock is renewed, then the watchdog is fed, and the
/// feed is good only as long as the renewal is.</summary>
internal sealed class AgentLock
{
    private readonly LrmPlatform _platform;
    private readonly LockOptions _options;
    private LockSession _session;
    private TimeSpan? _silentUntil;
    private bool _saidWatchdogFailed;

    public AgentLock(LrmPlatform platform)
    {
        _platform = platform;
        _options = new LockOptions($"{platform.Self}/lrm", platform.Profile.LockTtl, platform.Profile.RateMargin, platform.PredecessorGone);
        _session = NewSession();
    }

    /// <summary>Whether the lock is certainly held now.</summary>
    public bool IsHeld => _session.Handle is { IsHeld: true };

    /// <summary>Acquires or renews the lock and opens or feeds the watchdog.</summary>
    /// <returns>Whether services may run.</returns>
    public async Task<bool> HoldAsync(CancellationToken cancel)
    {
        if (_platform.Time.GetElapsedTime(0) <= _silentUntil) // At that very moment the lock could still be renewed.
            return false;
        var profile = _platform.Profile;
        var grip = await _session.HoldAsync(profile.LockAttempts, profile.LockAttemptPause, _platform.Pause.ForAsync, cancel);
        if (grip == LockGrip.Taken)
            _platform.Log.Write(LrmLog.GotLock(DocumentKeys.AgentLock(_platform.Self).Value));
        if (grip == LockGrip.None || _session.Handle is not { } handle)
            return false;
        var deadline = handle.RenewedAt + profile.ClientWindow;
        if (_platform.Watchdog.IsOpen)
        {
            await _platform.Watchdog.FeedAsync(deadline, cancel);
            return true;
        }

        try
        {
            await _platform.Watchdog.OpenAsync(deadline, cancel);
            _saidWatchdogFailed = false;
            return true;
        }
        catch (PlatformException e)
        {
            if (!_saidWatchdogFailed)
                _platform.Log.Write(LrmLog.WatchdogFailed(e.Message));
            _saidWatchdogFailed = true;
            await GiveBackUnprotectedAsync(grip, cancel);
            return false;
        }
    }

    /// <summary>Closes the watchdog, then releases the lock. Only where nothing runs, or all is frozen. Harmless when already done.</summary>
    public async Task GiveUpAsync(CancellationToken cancel)
    {
        await CloseWatchdogAsync(cancel);
        await _session.ReleaseAsync(cancel);
    }

    /// <summary>Releases the lock, then closes the watchdog. Only where nothing runs.</summary>
    public async Task ReleaseThenCloseAsync(CancellationToken cancel)
    {
        await _session.ReleaseAsync(cancel);
        await CloseWatchdogAsync(cancel);
    }

    /// <summary>Closes the watchdog; the lock, if held, runs out.</summary>
    public async Task CloseWatchdogAsync(CancellationToken cancel)
    {
        if (_platform.Watchdog.IsOpen)
            await _platform.Watchdog.CloseAsync(cancel);
    }

    private async Task GiveBackUnprotectedAsync(LockGrip grip, CancellationToken cancel)
    {
        // A lock that was free or expired protects nothing of ours yet: others need not wait for it. One continued from an earlier life may protect
        // services that still run until the node is reset: it must run out by itself, neither released nor renewed.
        if (grip == LockGrip.Taken)
        {
            await _session.ReleaseAsync(cancel);
            return;
        }

        _session = NewSession();
        _silentUntil = _platform.Time.GetElapsedTime(0) + _options.ObserverWait;
    }

    private LockSession NewSession() => new(_platform.Store, DocumentKeys.AgentLock(_platform.Self), _options);
}
