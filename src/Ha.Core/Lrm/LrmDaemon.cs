using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;

namespace Ha.Core.Lrm;

/// <summary>The local resource manager of one node. Its host calls a round, again and again; rounds never overlap.</summary>
public sealed class LrmDaemon
{
    private readonly LrmPlatform _platform;
    private readonly ClusterDocuments _documents;
    private readonly AgentLock _lock;
    private readonly JobQueue _jobs;
    private ManagerStatus _status = ManagerStatus.Empty;
    private LrmStatus? _written;
    private TimeSpan _writtenAt;
    private LrmMode _mode = LrmMode.Active;
    private TimeSpan _stateSince;
    private bool _viewIsFresh;
    private bool _shutdownRequested;
    private int _idleRounds;

    /// <summary>Makes a daemon that waits for its lock.</summary>
    /// <param name="platform">Its surroundings.</param>
    public LrmDaemon(LrmPlatform platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        _platform = platform;
        _documents = new ClusterDocuments(platform.Store, platform.Documents);
        _lock = new AgentLock(platform);
        _jobs = new JobQueue(platform);
        _stateSince = Now;
        platform.Log.Write(LrmLog.StatusChange("startup", State.Word()));
    }

    /// <summary>The state after the last round.</summary>
    public LrmState State { get; private set; } = LrmState.WaitForAgentLock;

    /// <summary>The node it runs on.</summary>
    public NodeName Self => _platform.Self;

    /// <summary>Called, on any thread, when a job that runs beside the rounds has ended: a good moment for the next round.</summary>
    public Action? OnJobEnded
    {
        get => _jobs.OnJobEnded;
        set => _jobs.OnJobEnded = value;
    }

    /// <summary>Asks the daemon to leave. It asks the host whether the machine goes down, applies the shutdown policy, announces it in its status, and
    /// leaves in a later round. Repeating it changes nothing. To be called between rounds.</summary>
    public async Task RequestShutdownAsync(CancellationToken cancel)
    {
        if (_shutdownRequested)
            return;
        var host = await _platform.Host.ReadAsync(cancel);
        var settings = await _platform.Settings.ReadAsync(cancel);
        var plan = ShutdownPolicy.Plan(settings.ShutdownPolicy ?? "conditional", host, _mode);
        foreach (var line in plan.Lines)
            _platform.Log.Write(line);
        if (plan.StopsServices)
            _jobs.QueueShutdownStops(_status);
        _mode = plan.Mode;
        _shutdownRequested = true;
        if (!await TryWriteStatusAsync(cancel))
            _platform.Log.Write(LrmLog.StatusNotUpdated());
    }

    /// <summary>Runs one round: a change of state, then the work of the state reached.</summary>
    /// <returns>Whether to go on, and when at the latest. Failures of the outside world are logged and survived.</returns>
    /// <exception cref="InvalidOperationException">A broken invariant: the process must end, its watchdog open.</exception>
    public async Task<RoundOutcome> RunRoundAsync(CancellationToken cancel)
    {
        _viewIsFresh = await _platform.Membership.RefreshAsync(cancel);
        if (!_platform.Process.StatusWritten)
        {
            if (!await TryWriteStatusAsync(cancel))
                return new RoundOutcome(_shutdownRequested, _platform.Profile.WaitingRound);
            _platform.Process.StatusWritten = true;
        }

        await RefreshAsync(cancel);
        try
        {
            await ChangeStateAsync(cancel);
        }
        catch (Exception e) when (IsOutside(e))
        {
            _platform.Log.Write(LrmLog.UnexpectedError(e.Message));
        }

        return await WorkAsync(cancel);
    }

    private TimeSpan Now => _platform.Time.GetElapsedTime(0);

    // Who is told that all are disarmed cuts the network: nobody may say so with its watchdog still armed.
    private LrmMode AnnouncedMode => _mode == LrmMode.Disarm && State is LrmState.Active or LrmState.Maintenance ? LrmMode.Active : _mode;

    private int ActiveCount => Assignments.CountActive(_status, Self);

    private Task<int> RunQueueAsync(CancellationToken cancel) => _jobs.RunAsync(_status, () => _lock.IsHeld, cancel);

    private async Task<bool> RefreshAsync(CancellationToken cancel)
    {
        try
        {
            _status = await _documents.ReadManagerStatusAsync(ReadLevel.Linearizable, cancel);
        }
        catch (Exception e) when (IsOutside(e))
        {
            _platform.Log.Write(LrmLog.ManagerStatusUnreadable(e.Message));
            return false;
        }

        if (!_shutdownRequested)
            _mode = Assignments.ModeFor(_mode, _status, Self);
        return true;
    }

    private async Task ChangeStateAsync(CancellationToken cancel)
    {
        var mustBeFenced = Assignments.IsFenceRequested(_status, Self);
        switch (State)
        {
            case LrmState.WaitForAgentLock:
                if (_mode != LrmMode.Disarm && !mustBeFenced && ActiveCount > 0 && await IsQuorateAsync(cancel) && await _lock.HoldAsync(cancel))
                    SetState(LrmState.Active);
                break;
            case LrmState.LostAgentLock:
                if (!mustBeFenced && await IsQuorateAsync(cancel) && await _lock.HoldAsync(cancel))
                    SetState(LrmState.Active);
                break;
            case LrmState.Active:
                await LeaveActiveAsync(mustBeFenced, cancel);
                break;
            case LrmState.Maintenance:
                await LeaveMaintenanceAsync(mustBeFenced, cancel);
                break;
            default:
                throw new InvalidOperationException($"an LRM has no state {State}");
        }
    }

    private async Task LeaveActiveAsync(bool mustBeFenced, CancellationToken cancel)
    {
        if (mustBeFenced)
        {
            // The lock is not released: it is simply not renewed any more, and the watchdog is not fed.
            _platform.Log.Write(LrmLog.FenceActive());
            SetState(LrmState.LostAgentLock);
        }
        else if (!await _lock.HoldAsync(cancel))
        {
            SetState(LrmState.LostAgentLock);
        }
        else if (_mode == LrmMode.Maintenance)
        {
            SetState(LrmState.Maintenance);
        }
        else if (_mode == LrmMode.Disarm && await RunQueueAsync(cancel) == 0)
        {
            _platform.Log.Write(LrmLog.DisarmActive());
            await LetGoAsync(cancel);
        }
        else if (Assignments.HasAny(_status, Self) || await RunQueueAsync(cancel) > 0)
        {
            _idleRounds = 0;
        }
        else if (++_idleRounds > _platform.Profile.LrmIdleRounds)
        {
            _platform.Log.Write(LrmLog.GoingIdle(_platform.Profile.LrmIdleRounds));
            await LetGoAsync(cancel);
            _idleRounds = 0;
        }
    }

    private async Task LeaveMaintenanceAsync(bool mustBeFenced, CancellationToken cancel)
    {
        if (mustBeFenced)
        {
            _platform.Log.Write(LrmLog.FenceInMaintenance());
            SetState(LrmState.LostAgentLock);
        }
        else if (_mode == LrmMode.Disarm && ActiveCount == 0 && await RunQueueAsync(cancel) == 0)
        {
            _platform.Log.Write(LrmLog.DisarmInMaintenance());
            await LetGoAsync(cancel);
        }
        else if (ActiveCount > 0 || await RunQueueAsync(cancel) > 0)
        {
            if (!await _lock.HoldAsync(cancel))
                SetState(LrmState.LostAgentLock);
        }
        else if (_mode != LrmMode.Maintenance)
        {
            SetState(await _lock.HoldAsync(cancel) ? LrmState.Active : LrmState.LostAgentLock);
        }
    }

    private async Task<RoundOutcome> WorkAsync(CancellationToken cancel)
    {
        var start = Now;
        var profile = _platform.Profile;
        switch (State)
        {
            case LrmState.WaitForAgentLock:
                if (!_shutdownRequested)
                    await TryWriteStatusAsync(cancel);
                return new RoundOutcome(_shutdownRequested, profile.WaitingRound);
            case LrmState.Active:
                var left = await GuardAsync(WorkAsActiveAsync, cancel);
                await TryWriteStatusAsync(cancel);
                return new RoundOutcome(left, Until(start + profile.ActiveRound));
            case LrmState.LostAgentLock:
                return new RoundOutcome(await WorkAsLostAsync(cancel), profile.WaitingRound);
            case LrmState.Maintenance:
                var emptied = await GuardAsync(WorkInMaintenanceAsync, cancel);
                await TryWriteStatusAsync(cancel);
                return new RoundOutcome(emptied, Until(start + (profile.WaitingRound < profile.Renewal ? profile.WaitingRound : profile.Renewal)));
            default:
                throw new InvalidOperationException($"an LRM has no state {State}");
        }
    }

    private async Task<bool> WorkAsActiveAsync(CancellationToken cancel)
    {
        if (!await RefreshAsync(cancel))
            return false;
        if (_shutdownRequested)
            return await FinishAsync(cancel);
        if (!_viewIsFresh)
        {
            _platform.Log.Write(LrmLog.InconsistentState());
            return false;
        }

        _jobs.QueueAssignments(_status);
        await RunQueueAsync(cancel);
        return false;
    }

    private async Task<bool> FinishAsync(CancellationToken cancel)
    {
        var left = await RunQueueAsync(cancel);
        // In mode restart the services must be frozen (or stopped) first: a frozen one is nobody else's.
        if (left > 0 || (_mode == LrmMode.Restart && ActiveCount > 0))
            return false;
        // A service that could not be stopped is got rid of by a reset only: the watchdog stays armed and the lock held.
        if (_mode == LrmMode.Restart || _jobs.FailedShutdownStops == 0)
            await _lock.GiveUpAsync(cancel);
        return true;
    }

    private async Task<bool> WorkAsLostAsync(CancellationToken cancel)
    {
        if (!_shutdownRequested)
            return false;
        var active = ActiveCount;
        if (active == 0)
        {
            await _lock.CloseWatchdogAsync(cancel);
            return true;
        }

        _platform.Log.Write(LrmLog.ShutdownWhileLost(active));
        if (_mode != LrmMode.Restart || Now - _stateSince <= _platform.Profile.LostLockGiveUp)
            return false;
        _platform.Log.Write(LrmLog.GivingUp(_platform.Profile.LostLockGiveUp));
        return true;
    }

    private async Task<bool> WorkInMaintenanceAsync(CancellationToken cancel)
    {
        if (!await RefreshAsync(cancel))
            return false;
        if (ActiveCount == 0 && await RunQueueAsync(cancel) == 0)
        {
            await _lock.GiveUpAsync(cancel);
            if (_shutdownRequested)
                return true;
        }

        _jobs.QueueAssignments(_status);
        await RunQueueAsync(cancel);
        return false;
    }

    private async Task<bool> GuardAsync(Func<CancellationToken, Task<bool>> work, CancellationToken cancel)
    {
        try
        {
            return await work(cancel);
        }
        catch (Exception e) when (IsOutside(e))
        {
            _platform.Log.Write(LrmLog.UnexpectedError(e.Message));
            return false;
        }
    }

    private async Task LetGoAsync(CancellationToken cancel)
    {
        await _lock.ReleaseThenCloseAsync(cancel);
        SetState(LrmState.WaitForAgentLock);
    }

    private async Task<bool> IsQuorateAsync(CancellationToken cancel) => (await _platform.Membership.ReadAsync(cancel)).Quorate;

    private async Task<bool> TryWriteStatusAsync(CancellationToken cancel)
    {
        if (!await IsQuorateAsync(cancel))
            return false;
        var status = new LrmStatus { State = State, Mode = AnnouncedMode, Results = _jobs.Results };
        if (status == _written && Now - _writtenAt < _platform.Profile.StatusHeartbeat)
            return true;
        try
        {
            (_written, _writtenAt) = (null, Now);
            await _documents.WriteLrmStatusAsync(Self, status with { Timestamp = _platform.Time.GetUtcNow().ToUnixTimeSeconds() }, cancel);
            _written = status;
            return true;
        }
        catch (Exception e) when (IsOutside(e))
        {
            _platform.Log.Write(LrmLog.StatusUnwritable(e.Message));
            return false;
        }
    }

    private void SetState(LrmState next)
    {
        if (next == State)
            return;
        _platform.Log.Write(LrmLog.StatusChange(State.Word(), next.Word()));
        State = next;
        _stateSince = Now;
    }

    private TimeSpan Until(TimeSpan moment) => moment > Now ? moment - Now : TimeSpan.Zero;

    private static bool IsOutside(Exception e) => e is StoreException or PlatformException or DocumentException;
}
