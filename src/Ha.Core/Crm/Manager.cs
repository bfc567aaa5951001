using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Rules;
using Ha.Core.Scheduling;
using Ha.Core.Stores;

namespace Ha.Core.Crm;

/// <summary>What only a master has: its memory, and the round that decides for all services.</summary>
internal sealed class Manager
{
    private readonly CrmPlatform _platform;
    private readonly ClusterDocuments _documents;
    private readonly ManagerMemory _memory;
    private readonly Fencing _fencing;
    private readonly CommandQueue _commands;
    private readonly PlacementRules _rules;
    private readonly GroupMigration _groupMigration;
    private readonly Dictionary<NodeName, (LrmStatus Status, bool IsDamageReported)> _lrms = [];
    private bool _nodesChanged;
    private ManagerStatus? _written;
    private TimeSpan _writtenAt;

    private Manager(CrmPlatform platform, ClusterDocuments documents, ManagerMemory memory)
    {
        _platform = platform;
        _documents = documents;
        _memory = memory;
        _fencing = new Fencing(platform);
        _commands = new CommandQueue(platform.Store);
        _rules = new PlacementRules(platform);
        _groupMigration = new GroupMigration(platform, documents, _rules);
    }

    /// <summary>Whether the stack is disarmed as of the last complete round.</summary>
    public bool IsFullyDisarmed { get; private set; }

    /// <summary>How long until it is worth looking again at the nodes being fenced; null: fencing waits for nothing.</summary>
    public TimeSpan? FencingRetry => _fencing.EarliestRetry;

    /// <summary>Takes over the stored status.</summary>
    /// <exception cref="StoreException">No answer.</exception>
    /// <exception cref="DocumentException">The stored status is damaged.</exception>
    public static async Task<Manager> CreateAsync(CrmPlatform platform, ClusterDocuments documents, MemberMemory members, CancellationToken cancel)
    {
        var stored = await documents.ReadManagerStatusAsync(ReadLevel.Linearizable, cancel);
        var settings = await platform.Settings.ReadAsync(cancel);
        if (settings.SchedulerMode != "basic")
            platform.Log.Write(CrmLog.UsingScheduler(settings.SchedulerMode));
        var memory = new ManagerMemory(stored, new NodeTable(stored.Nodes, members, platform.Profile)) { SchedulerMode = settings.SchedulerMode };
        var manager = new Manager(platform, documents, memory);
        manager._fencing.Stored = stored;
        return manager;
    }

    /// <summary>This node is no longer master.</summary>
    public void Abandon() => _fencing.Abandon();

    /// <summary>One round. A failure of the outside world ends it early; what it had changed in memory stays.</summary>
    /// <param name="now">Monotonic time.</param>
    /// <param name="guard">The manager lock's token: the status is written only if it is still ours.</param>
    /// <param name="cancel">Ends the round.</param>
    /// <returns>False: another node has taken the lock, and nothing was written.</returns>
    public async Task<bool> RunRoundAsync(TimeSpan now, LockToken guard, CancellationToken cancel)
    {
        _fencing.BeginRound();
        var view = await _platform.Membership.ReadAsync(cancel);
        var (modes, results) = await ReadLrmsAsync(cancel);
        _nodesChanged |= _memory.Nodes.DiffersFrom(view); // Remembered until a round comes as far as the rules.
        _memory.Nodes.Now = now;
        ClearOwnFence();
        foreach (var line in _memory.Nodes.Update(view, n => modes.GetValueOrDefault(n, LrmMode.Unknown)))
            _platform.Log.Write(line);
        if (_memory.Nodes.StateOf(_platform.Self) is not (NodeState.Online or NodeState.Maintenance))
        {
            _platform.Log.Write(CrmLog.MasterOffline());
            return true;
        }

        var settings = await ReadSettingsAsync(cancel);
        await _groupMigration.RunAsync(view.Quorate, _memory, cancel);
        var resources = await _platform.Resources.ReadAsync(cancel);
        var groups = await _rules.ReadGroupsAsync(cancel);
        if (_memory.Disarm is null && !IsAllManaged(resources))
        {
            Add(resources);
            Remove(resources);
        }

        var usage = await new UsageMaker(_platform, _memory).MakeAsync(resources, settings.SchedulerMode, cancel);
        resources = GroupRules.MergeFailback(resources, groups);
        await _rules.RefreshAsync(groups, resources, _nodesChanged, [.. _memory.Nodes.Known], cancel);
        _nodesChanged = false;
        var commands = new CommandExecutor(_memory, resources, _rules.Compiled, _platform.Log);
        var wasDisarmed = _memory.Disarm is not null;
        commands.Execute(await _commands.TakeAllAsync(cancel));
        if (wasDisarmed && _memory.Disarm is null)
            Remove(resources, usage); // Else what was deleted meanwhile would be stopped first.
        var round = new ManagerRound(_platform, _memory, _fencing)
        {
            Modes = modes,
            Results = results,
            Resources = resources,
            Usage = usage,
            Rules = _rules.Compiled,
            RebalanceOnStart = settings.RebalanceOnStart,
            ChecksDue = AreChecksDue(now),
        };
        // Rounds that were woken early do not count as rounds of imbalance.
        if (_memory.Disarm is null && round.ChecksDue)
            new AutoRebalance(_memory, settings, usage, round.Rules, commands, _platform.Log).Run();
        return await DecideAsync(round, modes, guard, cancel);
    }

    private async Task<bool> DecideAsync(ManagerRound round, Dictionary<NodeName, LrmMode> modes, LockToken guard, CancellationToken cancel)
    {
        IReadOnlySet<ResourceId>? only = null;
        if (_memory.Disarm is not null)
        {
            var (outcome, deferring) = new Disarming(_platform, _memory).Run(modes);
            if (outcome == Disarming.Outcome.Finished)
            {
                IsFullyDisarmed = _memory.Disarm.IsComplete;
                return await WriteAsync(guard, cancel);
            }

            only = outcome == Disarming.Outcome.Deferred ? deferring : null;
        }

        IsFullyDisarmed = false;
        await round.RunPassesAsync(only, cancel);
        if (!await WriteAsync(guard, cancel))
            return false;
        await _fencing.RunDevicesAsync(cancel);
        return true;
    }

    private async Task<bool> WriteAsync(LockToken guard, CancellationToken cancel)
    {
        var now = _memory.Nodes.Now;
        var status = _memory.ToDocument(_platform.Self, _platform.Time.GetUtcNow().ToUnixTimeSeconds());
        if (_written is { } written && now - _writtenAt < _platform.Profile.StatusHeartbeat && SaysTheSame(written, status))
            return true;
        _written = null;
        if (!await _documents.TryWriteManagerStatusAsync(status, guard, cancel))
            return false;
        (_written, _writtenAt) = (status, now);
        _fencing.Stored = status;
        return true;
    }

    private static bool SaysTheSame(ManagerStatus one, ManagerStatus other) =>
        ReferenceEquals(one.Services, other.Services) && one.Nodes.SequenceEqual(other.Nodes) && one.Requests.SequenceEqual(other.Requests) && one.Disarm == other.Disarm;

    private async Task<(Dictionary<NodeName, LrmMode> Modes, Dictionary<string, JobResult> Results)> ReadLrmsAsync(CancellationToken cancel)
    {
        var modes = new Dictionary<NodeName, LrmMode>();
        var results = new Dictionary<string, JobResult>(StringComparer.Ordinal);
        foreach (var node in _memory.Nodes.Known)
        {
            var status = await ReadLrmAsync(node, cancel);
            modes[node] = status.Mode;
            foreach (var (uid, result) in status.Results)
                results.TryAdd(uid, result);
        }

        return (modes, results);
    }

    // One damaged document must not stop the manager: its node counts as it was last known, until its LRM writes again.
    private async Task<LrmStatus> ReadLrmAsync(NodeName node, CancellationToken cancel)
    {
        try
        {
            _lrms[node] = (await _documents.ReadLrmStatusAsync(node, ReadLevel.Linearizable, cancel), false);
        }
        catch (DocumentException e)
        {
            var (last, isReported) = _lrms.GetValueOrDefault(node, (LrmStatus.Missing, false));
            if (!isReported)
                _platform.Log.Write(CrmLog.LrmStatusUnreadable(node, e.Message));
            _lrms[node] = (last, true);
        }

        return _lrms[node].Status;
    }

    private async Task<DatacenterSettings> ReadSettingsAsync(CancellationToken cancel)
    {
        var settings = await _platform.Settings.ReadAsync(cancel);
        if (_memory.SchedulerMode is { } before && before != settings.SchedulerMode)
            _platform.Log.Write(CrmLog.SwitchingScheduler(before, settings.SchedulerMode));
        _memory.SchedulerMode = settings.SchedulerMode;
        return settings;
    }

    // Nobody else leads out of it: a node that is not online ends its rounds before they fence. Whoever is master is not off, and none of its
    // services waits for a proof that it is, or it would not have become master.
    private void ClearOwnFence()
    {
        var self = _platform.Self;
        if (_memory.Nodes.StateOf(self) != NodeState.Fence || _memory.Services.Values.Any(s => s.Node == self && s.State == ServiceState.Fence))
            return;
        _platform.Log.Write(CrmLog.OrphanedFence(self));
        _platform.Log.Write(_memory.Nodes.Set(self, NodeState.Unknown));
    }

    // In nearly every round each resource has its record, and the other way round.
    private bool IsAllManaged(ResourceSnapshot resources)
    {
        if (resources.Resources.Count != _memory.Services.Count)
            return false;
        for (var place = 0; place < _memory.Services.Count; place++)
        {
            if (resources.Resources.GetValueAtIndex(place).State == WantedState.Ignored || resources.Resources.GetKeyAtIndex(place) != _memory.Services.GetKeyAtIndex(place))
                return false;
        }

        return true;
    }

    private void Add(ResourceSnapshot resources)
    {
        var known = SortedLookup.FindAll(_memory.Services, resources.Resources.Keys);
        foreach (var ((id, settings), record) in resources.Resources.Zip(known))
        {
            if (settings.State == WantedState.Ignored || record is not null)
                continue;
            _platform.Log.Write(CrmLog.Adding(id, settings.Node?.Value ?? ""));
            var state = settings.State == WantedState.Started ? ServiceState.RequestStart : ServiceState.RequestStop;
            _memory.Services[id] = new ServiceRecord { State = state, Node = settings.Node, Uid = _platform.Uids.Next() };
        }
    }

    private void Remove(ResourceSnapshot resources, Usage? usage = null)
    {
        foreach (var (id, settings) in _memory.Services.Keys.Zip(SortedLookup.FindAll(resources.Resources, _memory.Services.Keys)).ToArray())
        {
            if (settings is null)
                _platform.Log.Write(CrmLog.RemovingUnconfigured(id));
            else if (settings.State == WantedState.Ignored)
                _platform.Log.Write(CrmLog.RemovingIgnored(id));
            else
                continue;
            _memory.Services.Remove(id);
            usage?.Place(id, ServiceState.Stopped, null, null);
        }
    }

    private bool AreChecksDue(TimeSpan now)
    {
        if (_memory.LastChecks is { } last && now - last < _platform.Profile.HealthCheck)
            return false;
        _memory.LastChecks = now;
        return true;
    }
}
