using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Rules;
using Ha.Core.Scheduling;
using Ha.Core.Stores;

namespace Ha.Core.Crm;

/// <summary>The working set of one master round, and its passes over all services.</summary>
/// <param name="platform">The surroundings.</param>
/// <param name="memory">The master's memory.</param>
/// <param name="fencing">Fences nodes.</param>
internal sealed class ManagerRound(CrmPlatform platform, ManagerMemory memory, Fencing fencing)
{
    // Locks that an interrupted operation leaves behind and that recovery may remove, in the order they are looked for.
    private static readonly string[] RemovableLocks =
        ["backup", "mounted", "migrate", "clone", "rollback", "snapshot", "snapshot-delete", "suspending", "suspended"];

    // By the place of the service: no service comes or goes within a round.
    private ResourceSettings?[]? _settings;

    // One service's trouble is not the others': it is left for the next round.
    private readonly HashSet<ResourceId> _failed = [];

    // Nodes that recovery gave services in this round; the resources were read before.
    private readonly Dictionary<ResourceId, NodeName> _movedTo = [];

    public required IReadOnlyDictionary<NodeName, LrmMode> Modes { get; init; }

    public required IReadOnlyDictionary<string, JobResult> Results { get; init; }

    public required ResourceSnapshot Resources { get; init; }

    public required Usage Usage { get; init; }

    public required CompiledRules Rules { get; init; }

    public required bool RebalanceOnStart { get; init; }

    /// <summary>Whether started services are looked after in this round.</summary>
    public required bool ChecksDue { get; init; }

    /// <summary>Walks over services and fences nodes until a walk changes nothing.</summary>
    /// <param name="only">The services to visit; null: all.</param>
    /// <param name="cancel">Ends the round.</param>
    public async Task RunPassesAsync(IReadOnlySet<ResourceId>? only, CancellationToken cancel)
    {
        bool changed;
        do
        {
            changed = false;
            for (var place = 0; place < memory.Services.Count; place++)
            {
                var id = memory.Services.GetKeyAtIndex(place);
                if ((only is null || only.Contains(id)) && !_failed.Contains(id))
                    changed |= await VisitAsync(place, cancel);
            }

            changed |= await FenceAsync(cancel);
        }
        while (changed);
    }

    private async Task<bool> VisitAsync(int place, CancellationToken cancel)
    {
        var visit = MakeVisit(place);
        var before = visit.Record.State;
        var steps = before == ServiceState.Freeze ? ServiceMachine.Frozen(visit, ModeOf(visit.Record.Node)) : ServiceMachine.Visit(visit);
        try
        {
            foreach (var step in steps)
                await CarryOutAsync(visit, step, cancel);
        }
        catch (PlatformException e) when (MayGoOn(e))
        {
            platform.Log.Write(CrmLog.UnexpectedError(e.Message));
            _failed.Add(visit.Id);
            return visit.Record.State != before;
        }

        if (ModeOf(visit.Record.Node) == LrmMode.Restart && visit.Record.State is ServiceState.Started or ServiceState.Stopped or ServiceState.RequestStop)
            await CarryOutAsync(visit, new Step.Change(ServiceState.Freeze), cancel);
        return visit.Record.State != before;
    }

    // A store that is silent fails for all, and a failure that took long leaves no time for others: the manager lock has to be renewed first.
    private bool MayGoOn(PlatformException failure) =>
        failure.InnerException is not StoreException && platform.Time.GetElapsedTime(0) - memory.Nodes.Now < platform.Profile.Renewal;

    private ServiceVisit MakeVisit(int place)
    {
        _settings ??= SortedLookup.FindAll(Resources.Resources, memory.Services.Keys);
        var (id, record, settings) = (memory.Services.GetKeyAtIndex(place), memory.Services.GetValueAtIndex(place), _settings[place]);
        return new ServiceVisit
        {
            Id = id,
            Record = record,
            Wanted = settings?.State ?? WantedState.Disabled,
            ConfiguredNode = _movedTo.TryGetValue(id, out var moved) ? moved : settings?.Node,
            MaxRelocate = settings?.MaxRelocate ?? 1,
            Result = record.Uid is { } uid ? Results.GetValueOrDefault(uid) : null,
            RebalanceOnStart = RebalanceOnStart,
            Nodes = memory.Nodes,
            Select = preference => Select(id, memory.Services.GetValueAtIndex(place), settings, preference),
        };
    }

    private NodeName? Select(ResourceId id, ServiceRecord record, ResourceSettings? settings, NodePreference preference)
    {
        var request = new PlacementRequest(id, record.Node, record.FailedNodes ?? [], record.MaintenanceNode, settings?.Failback ?? true);
        return NodeSelector.Select(request, preference, Rules, Usage, OccupancyOf);
    }

    private (NodeName? Current, NodeName? Target) OccupancyOf(ResourceId id)
    {
        if (!memory.Services.TryGetValue(id, out var record))
            return default;
        var place = Occupancy.Of(record.State, record.Node, record.Target, Usage.IsOnline);
        return (place.Current, place.Target);
    }

    private async Task CarryOutAsync(ServiceVisit visit, Step step, CancellationToken cancel)
    {
        switch (step)
        {
            case Step.Log log:
                platform.Log.Write(log.Line);
                break;
            case Step.Change change:
                var from = visit.Record.State;
                Remember(visit, change.Apply(visit.Record, platform.Uids.Next()));
                Usage.Place(visit.Id, visit.Record.State, visit.Record.Node, visit.Record.Target);
                platform.Log.Write(CrmLog.ServiceChanged(visit.Id, from, change.To, change.Parameters));
                break;
            case Step.Amend amend:
                Remember(visit, amend.Now);
                break;
            case Step.Reissue reissue:
                // A healthy service is looked after once per check interval, however often rounds are woken.
                if (ChecksDue || !reissue.OnlyAsCheck)
                    Remember(visit, visit.Record with { Uid = platform.Uids.Next() });
                break;
            case Step.WantStopped:
                await platform.Resources.SetWantedAsync(visit.Id, WantedState.Stopped, cancel);
                break;
            case Step.TakeOver takeOver:
                await TakeOverAsync(visit, takeOver, cancel);
                break;
            default:
                throw new InvalidOperationException($"a step that nobody carries out: {step}");
        }
    }

    private void Remember(ServiceVisit visit, ServiceRecord record)
    {
        visit.Record = record;
        memory.Services[visit.Id] = record;
    }

    private async Task TakeOverAsync(ServiceVisit visit, Step.TakeOver takeOver, CancellationToken cancel)
    {
        if (platform.Agents.Find(visit.Id.Type) is { } agent
            && await agent.RemoveLockAsync(visit.Id, takeOver.From, RemovableLocks, cancel) is { } removed)
        {
            platform.Log.Write(CrmLog.LockRemoved(visit.Id, removed));
        }

        await platform.Resources.MoveAsync(visit.Id, takeOver.From, takeOver.To, cancel);
        _movedTo[visit.Id] = takeOver.To;
    }

    private async Task<bool> FenceAsync(CancellationToken cancel)
    {
        var changed = false;
        var proven = new Dictionary<NodeName, bool>();
        for (var place = 0; place < memory.Services.Count; place++)
        {
            if (memory.Services.GetValueAtIndex(place) is not { State: ServiceState.Fence, Node: { } node })
                continue;
            if (!proven.TryGetValue(node, out var isOff))
                proven[node] = isOff = await fencing.FenceAsync(node, memory.Nodes, cancel);
            if (!isOff)
                continue;
            var visit = MakeVisit(place);
            await CarryOutAsync(visit, new Step.Change(ServiceState.Recovery), cancel);
            changed = true;
        }

        foreach (var node in memory.Nodes.Known.ToArray())
        {
            if (proven.ContainsKey(node) || memory.Nodes.StateOf(node) != NodeState.Fence)
                continue;
            platform.Log.Write(CrmLog.OrphanedFence(node));
            changed |= await fencing.FenceAsync(node, memory.Nodes, cancel);
        }

        return changed;
    }

    private LrmMode ModeOf(NodeName? node) => node is { } name ? Modes.GetValueOrDefault(name, LrmMode.Unknown) : LrmMode.Unknown;
}
