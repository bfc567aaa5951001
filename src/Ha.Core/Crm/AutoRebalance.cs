using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Rules;
using Ha.Core.Scheduling;
using Microsoft.Extensions.Logging;

namespace Ha.Core.Crm;

/// <summary>A round's step that keeps running services balanced: it asks for one move at most, and for none while anything moves.</summary>
/// <param name="memory">The master's memory.</param>
/// <param name="settings">The cluster-wide settings.</param>
/// <param name="usage">The load.</param>
/// <param name="rules">The placement rules.</param>
/// <param name="commands">Queues the move.</param>
/// <param name="log">The log.</param>
internal sealed class AutoRebalance(
    ManagerMemory memory, DatacenterSettings settings, Usage usage, CompiledRules rules, CommandExecutor commands, ILogger log)
{
    private readonly AutoRebalanceSettings _options = settings.AutoRebalance;

    /// <summary>Counts the round and, if it is time, queues the best move if it is worth making.</summary>
    public void Run()
    {
        if (!_options.Enabled || settings.SchedulerMode is not ("static" or "dynamic") || memory.Services.Values.Any(IsMoving))
            return;
        var imbalance = usage.Imbalance;
        (memory.Hold, var act) = memory.Hold.Count(imbalance, _options.Threshold, _options.HoldRounds);
        if (!act)
            return;
        var movables = Movable.FindAll(Bundle.FindAll(memory.Services, rules), rules, usage.Online, OccupancyOf);
        if (movables.Count == 0 || usage.FindBestMove(movables, _options.Method) is not { } motion)
            return;
        if ((imbalance - motion.ExpectedImbalance) / imbalance < _options.Margin)
            return;
        log.Write(CrmLog.AutoRebalancing(TaskOf(motion.Leader), motion, imbalance));
        commands.QueueMove(motion.Leader, motion.Target, TaskOf);
    }

    // Each by its own kind: a virtual machine that comes along with a container need not stop for it.
    private static string TaskOf(ResourceId id) => id.Type == "vm" ? "migrate" : "relocate";

    private static bool IsMoving(ServiceRecord record) =>
        record.State is ServiceState.Migrate or ServiceState.Relocate || record.Command is { Word: "migrate" or "relocate" };

    private (NodeName? Current, NodeName? Target) OccupancyOf(ResourceId id)
    {
        if (!memory.Services.TryGetValue(id, out var record))
            return default;
        var place = Occupancy.Of(record.State, record.Node, record.Target, usage.IsOnline);
        return (place.Current, place.Target);
    }
}
