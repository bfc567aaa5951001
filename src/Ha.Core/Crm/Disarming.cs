using Ha.Core.Model;
using Ha.Core.Platform;

namespace Ha.Core.Crm;

/// <summary>A round's step while the stack is disarming or disarmed.</summary>
/// <param name="platform">The surroundings.</param>
/// <param name="memory">The master's memory.</param>
internal sealed class Disarming(CrmPlatform platform, ManagerMemory memory)
{
    /// <summary>What the round does after the step.</summary>
    internal enum Outcome
    {
        /// <summary>Visits only the services that defer the disarming.</summary>
        Deferred,

        /// <summary>Writes the status and ends.</summary>
        Finished,

        /// <summary>Goes on as if nobody had asked.</summary>
        Refused,
    }

    /// <summary>Freezes or suspends all services, or says which of them must be finished first.</summary>
    public (Outcome Outcome, IReadOnlySet<ResourceId> Deferring) Run(IReadOnlyDictionary<NodeName, LrmMode> modes)
    {
        var disarm = memory.Disarm ?? throw new InvalidOperationException("disarming needs a disarm request");
        if (disarm.Mode is not ("freeze" or "ignore"))
        {
            // Nobody knows what the mode asks for. Kept, it would stop every decision of the manager until somebody notices.
            platform.Log.Write(CrmLog.UnknownDisarmMode(disarm.Mode));
            memory.Disarm = null;
            return (Outcome.Refused, new HashSet<ResourceId>());
        }

        var deferring = FindDeferring();
        if (deferring.Count > 0)
            return (Outcome.Deferred, deferring);
        foreach (var (id, record) in memory.Services.ToArray())
            memory.Services[id] = disarm.Mode == "freeze" ? Freeze(id, record) : Strip(record);
        if (!disarm.IsComplete && memory.Nodes.Online.All(n => modes.GetValueOrDefault(n, LrmMode.Unknown) == LrmMode.Disarm))
        {
            platform.Log.Write(CrmLog.AllDisarmed());
            memory.Disarm = disarm with { State = "disarmed" };
        }

        return (Outcome.Finished, deferring);
    }

    private HashSet<ResourceId> FindDeferring()
    {
        var deferring = new HashSet<ResourceId>();
        foreach (var (id, record) in memory.Services)
        {
            if (record.State is not (ServiceState.Fence or ServiceState.Recovery or ServiceState.Migrate or ServiceState.Relocate))
                continue;
            platform.Log.Write(CrmLog.DeferringDisarm(id, record.State));
            deferring.Add(id);
        }

        return deferring;
    }

    private ServiceRecord Freeze(ResourceId id, ServiceRecord record)
    {
        if (record.State is not (ServiceState.Started or ServiceState.Stopped or ServiceState.RequestStop or ServiceState.RequestStart or ServiceState.RequestStartBalance))
            return record;
        platform.Log.Write(CrmLog.Freezing(id, record.State));
        return Strip(record) with { State = ServiceState.Freeze, Uid = platform.Uids.Next() };
    }

    private static ServiceRecord Strip(ServiceRecord record) =>
        new() { State = record.State, Node = record.Node, Uid = record.Uid, MaintenanceNode = record.MaintenanceNode };
}
