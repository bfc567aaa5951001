using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;

namespace Ha.Core.Crm;

/// <summary>The cluster resource manager of one node. Its host calls a round, again and again; rounds never overlap.</summary>
public sealed class CrmDaemon
{
    // An observer's clock must have passed the end of a lease, not just reached it.
    private static readonly TimeSpan MomentAfter = TimeSpan.FromMilliseconds(20);

    private readonly CrmPlatform _platform;
    private readonly ClusterDocuments _documents;
    private readonly CommandQueue _commands;
    private readonly LockSession _lock;
    private readonly MemberMemory _members = new();
    private Manager? _manager;
    private bool _viewIsFresh;
    private bool _isDisarmed;
    private bool _shutdownRequested;
    private int _idleRounds;

    /// <summary>Makes a daemon that waits for quorum.</summary>
    /// <param name="platform">Its surroundings.</param>
    public CrmDaemon(CrmPlatform platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        _platform = platform;
        _documents = new ClusterDocuments(platform.Store, platform.Documents);
        _commands = new CommandQueue(platform.Store);
        var options = new LockOptions($"{platform.Self}/crm", platform.Profile.LockTtl, platform.Profile.RateMargin, platform.PredecessorGone);
        _lock = new LockSession(platform.Store, DocumentKeys.ManagerLock, options);
        platform.Log.Write(CrmLog.StatusChange("startup", State.Word()));
    }

    /// <summary>The state after the last round.</summary>
    public CrmState State { get; private set; } = CrmState.WaitForQuorum;

    /// <summary>The node it runs on.</summary>
    public NodeName Self => _platform.Self;

    /// <summary>Asks the daemon to leave: it does so in one of the next rounds. Repeating it changes nothing. To be called between rounds.</summary>
    public void RequestShutdown()
    {
        if (_shutdownRequested)
            return;
        _shutdownRequested = true;
        _platform.Log.Write(CrmLog.ShutdownRequested());
    }

    /// <summary>Runs one round: a change of state, then the work of the state reached.</summary>
    /// <returns>Whether to go on, and when at the latest. Failures of the outside world are logged and survived.</returns>
    /// <exception cref="InvalidOperationException">A broken invariant: the process must end, its watchdog open.</exception>
    public async Task<RoundOutcome> RunRoundAsync(CancellationToken cancel)
    {
        var start = Now;
        _viewIsFresh = await _platform.Membership.RefreshAsync(cancel);
        if (_platform.Profile.TracksMembersAlways)
            _members.Note(await _platform.Membership.ReadAsync(cancel), start);
        try
        {
            await ChangeStateAsync(cancel);
        }
        catch (Exception e) when (IsOutside(e))
        {
            _platform.Log.Write(CrmLog.UnexpectedError(e.Message));
        }

        return await WorkAsync(start, cancel);
    }

    private TimeSpan Now => _platform.Time.GetElapsedTime(0);

    private async Task ChangeStateAsync(CancellationToken cancel)
    {
        switch (State)
        {
            case CrmState.WaitForQuorum:
                if (await MayBecomeActiveAsync(cancel))
                    SetState(await HoldLockAsync(cancel) ? CrmState.Master : CrmState.Slave);
                break;
            case CrmState.Slave:
                if (!await MayBecomeActiveAsync(cancel))
                    SetState(CrmState.WaitForQuorum);
                else if (await HoldLockAsync(cancel))
                    SetState(CrmState.Master);
                break;
            case CrmState.Master:
                if (!await HoldLockAsync(cancel))
                    SetState(CrmState.LostManagerLock);
                else if (await MayGoIdleAsync(cancel))
                    await CountIdleRoundAsync(cancel);
                else
                    _idleRounds = 0;
                break;
            case CrmState.LostManagerLock:
                break; // Left within the round that entered it.
            default:
                throw new InvalidOperationException($"a CRM has no state {State}");
        }
    }

    private async Task<RoundOutcome> WorkAsync(TimeSpan start, CancellationToken cancel)
    {
        var profile = _platform.Profile;
        switch (State)
        {
            case CrmState.Master:
                var exit = await WorkAsMasterAsync(start, cancel);
                // A node being fenced is recovered the moment its lock is free, not with the next round after it.
                var length = _manager?.FencingRetry is { } retry && retry < profile.ActiveRound ? retry + MomentAfter : profile.ActiveRound;
                return new RoundOutcome(exit, Positive(start + length - Now));
            case CrmState.LostManagerLock:
                // The CRM will not touch the cluster any more, so its node need not be reset.
                await CloseWatchdogAsync(cancel);
                if (!_shutdownRequested)
                    SetState(CrmState.WaitForQuorum);
                break;
            case CrmState.Slave when !_shutdownRequested:
                // Sleeps until the lock can be free at the earliest; the reference asks about once a second.
                var wait = _lock.EarliestRetry > profile.LockAttemptPause ? _lock.EarliestRetry : profile.LockAttemptPause;
                return new RoundOutcome(false, wait < profile.WaitingRound ? wait : profile.WaitingRound);
        }

        return new RoundOutcome(_shutdownRequested, profile.WaitingRound);
    }

    private async Task<bool> WorkAsMasterAsync(TimeSpan start, CancellationToken cancel)
    {
        try
        {
            if (_shutdownRequested)
            {
                _manager?.Abandon();
                await CloseWatchdogAsync(cancel);
                _platform.Log.Write(CrmLog.VoluntaryRelease());
                if (!await _lock.ReleaseAsync(cancel))
                    _platform.Log.Write(CrmLog.ReleaseFailed());
                return true;
            }

            _manager ??= await Manager.CreateAsync(_platform, _documents, _platform.Profile.TracksMembersAlways ? _members : new MemberMemory(), cancel);
            if (_viewIsFresh)
                await ManageAsync(_manager, start, cancel);
            else
                _platform.Log.Write(CrmLog.InconsistentState());
        }
        catch (Exception e) when (IsOutside(e))
        {
            _platform.Log.Write(CrmLog.UnexpectedError(e.Message));
        }

        return false;
    }

    private async Task ManageAsync(Manager manager, TimeSpan start, CancellationToken cancel)
    {
        var token = _lock.Handle?.Token ?? throw new InvalidOperationException("a master holds the manager lock");
        if (!await manager.RunRoundAsync(start, token, cancel))
        {
            _platform.Log.Write(CrmLog.ManagerLockLost());
            return;
        }

        if (manager.IsFullyDisarmed && !_isDisarmed)
        {
            _platform.Log.Write(CrmLog.FullyDisarmed());
            await CloseWatchdogAsync(cancel);
            _isDisarmed = true;
        }
        else if (!manager.IsFullyDisarmed && _isDisarmed)
        {
            _platform.Log.Write(CrmLog.ReArming());
            _isDisarmed = false; // The next round's renewal opens the watchdog.
        }
    }

    private async Task<bool> MayBecomeActiveAsync(CancellationToken cancel)
    {
        if (await ReadHealthyStatusAsync(cancel) is not { } status || await ReadResourcesAsync(cancel) is not { } resources)
            return false;
        if (resources.Resources.Count > 0)
            return true;
        // Without resources the acting master does what there is to do.
        if (status.MasterNode is { } master && master != Self && status.StateOf(master) == NodeState.Online)
            return false;
        var staleMaintenance = status.Nodes.Any(n => n.Value == NodeState.Maintenance && status.Requests.GetValueOrDefault(n.Key) is not { Maintenance: true });
        return staleMaintenance || await _commands.AnyAsync(cancel) || status.Services.Count > 0 || status.Disarm is not null;
    }

    private async Task<bool> MayGoIdleAsync(CancellationToken cancel) =>
        await ReadHealthyStatusAsync(cancel) is { Disarm: null } status
        && await ReadResourcesAsync(cancel) is { Resources.Count: 0 }
        && status.Services.Count == 0;

    private async Task<ManagerStatus?> ReadHealthyStatusAsync(CancellationToken cancel)
    {
        ManagerStatus? status = null;
        try
        {
            status = await _documents.ReadManagerStatusAsync(ReadLevel.Linearizable, cancel);
        }
        catch (Exception e) when (IsOutside(e))
        {
            _platform.Log.Write(CrmLog.ManagerStatusUnreadable(e.Message));
        }

        var view = await _platform.Membership.ReadAsync(cancel);
        // A node that is about to be fenced must not become master.
        return view.Quorate && _viewIsFresh && status is not null && !status.Services.Values.Any(r => r.State == ServiceState.Fence && r.Node == Self) ? status : null;
    }

    private async Task<ResourceSnapshot?> ReadResourcesAsync(CancellationToken cancel)
    {
        try
        {
            return await _platform.Resources.ReadAsync(cancel);
        }
        catch (Exception e) when (IsOutside(e))
        {
            _platform.Log.Write(CrmLog.ServiceConfigUnreadable(e.Message));
            return null;
        }
    }

    private async Task CountIdleRoundAsync(CancellationToken cancel)
    {
        if (++_idleRounds <= _platform.Profile.CrmIdleRounds)
            return;
        _idleRounds = 0;
        _platform.Log.Write(CrmLog.GoingIdle(_platform.Profile.CrmIdleRounds));
        await _lock.ReleaseAsync(cancel);
        await CloseWatchdogAsync(cancel);
        SetState(CrmState.WaitForQuorum);
    }

    private async Task<bool> HoldLockAsync(CancellationToken cancel)
    {
        var profile = _platform.Profile;
        var grip = await _lock.HoldAsync(profile.LockAttempts, profile.LockAttemptPause, _platform.Pause.ForAsync, cancel);
        if (grip == LockGrip.Taken)
            _platform.Log.Write(CrmLog.GotLock(DocumentKeys.ManagerLock.Value));
        if (grip == LockGrip.None || _lock.Handle is not { } handle)
            return false;
        try
        {
            await ProtectAsync(handle.RenewedAt + profile.ClientWindow, cancel);
            return true;
        }
        catch (PlatformException e)
        {
            // Without its watchdog a stalled master could wake up and overwrite its successor's decisions.
            _platform.Log.Write(CrmLog.WatchdogFailed(e.Message));
            await _lock.ReleaseAsync(cancel);
            return false;
        }
    }

    private async Task ProtectAsync(Instant deadline, CancellationToken cancel)
    {
        if (_platform.Watchdog.IsOpen)
        {
            await _platform.Watchdog.FeedAsync(deadline, cancel);
            return;
        }

        if (_isDisarmed)
            return;
        if (await IsStoredDisarmedAsync(cancel))
        {
            _platform.Log.Write(CrmLog.DisarmedTakeOver());
            _isDisarmed = true;
            return;
        }

        await _platform.Watchdog.OpenAsync(deadline, cancel);
    }

    private async Task<bool> IsStoredDisarmedAsync(CancellationToken cancel)
    {
        try
        {
            return (await _documents.ReadManagerStatusAsync(ReadLevel.Linearizable, cancel)).Disarm is { IsComplete: true };
        }
        catch (Exception e) when (IsOutside(e))
        {
            return false; // Unknown: the watchdog is opened, which is always safe.
        }
    }

    private async Task CloseWatchdogAsync(CancellationToken cancel)
    {
        if (_platform.Watchdog.IsOpen)
            await _platform.Watchdog.CloseAsync(cancel);
    }

    private void SetState(CrmState next)
    {
        if (next == State)
            return;
        _platform.Log.Write(CrmLog.StatusChange(State.Word(), next.Word()));
        if (State == CrmState.Master)
        {
            _manager?.Abandon();
            _manager = null;
            _isDisarmed = false;
        }

        State = next;
    }

    private static bool IsOutside(Exception e) => e is StoreException or PlatformException or DocumentException;

    private static TimeSpan Positive(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;
}
