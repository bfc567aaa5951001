using System.Globalization;
using Ha.Core.Model;
using Ha.Core.Scheduling;

namespace Ha.Core.Crm;

/// <summary>The life of one service. Pure: it looks at a visit's facts and says which steps follow; the caller carries each step out before
/// asking for the next.</summary>
public static class ServiceMachine
{
    /// <summary>Decides one visit.</summary>
    /// <param name="visit">The facts; its record is updated by the caller with each step.</param>
    public static IEnumerable<Step> Visit(ServiceVisit visit)
    {
        ArgumentNullException.ThrowIfNull(visit);
        return visit.Record.State switch
        {
            ServiceState.RequestStart => RequestStart(visit),
            ServiceState.Migrate or ServiceState.Relocate or ServiceState.RequestStartBalance => Moving(visit),
            ServiceState.Started => StartedVisit.Steps(visit),
            ServiceState.RequestStop => RequestStop(visit),
            ServiceState.Stopped => Stopped(visit),
            ServiceState.Error => Error(visit),
            ServiceState.Recovery => Recovery(visit),
            ServiceState.Freeze or ServiceState.Fence => [], // Thawing needs the LRM's mode, fencing the agent lock: see ManagerRound.
        };
    }

    /// <summary>Thaws a frozen service once its node's LRM is active again; a node that never comes back keeps it frozen.</summary>
    public static IEnumerable<Step> Frozen(ServiceVisit visit, LrmMode mode)
    {
        ArgumentNullException.ThrowIfNull(visit);
        if (mode == LrmMode.Active)
            yield return new Step.Change(visit.StopOrStart);
    }

    /// <summary>Whether a queued command moves the service, and where; otherwise the line that says why not.</summary>
    internal static (NodeName? Target, LogLine? Refusal) CheckMove(ServiceVisit visit, QueuedCommand command)
    {
        if (!NodeName.TryParse(command.Argument, out var target) || visit.Nodes.StateOf(target) != NodeState.Online)
            return (null, CrmLog.TargetOffline(visit.Id, command.Word, command.Argument));
        return target == visit.Record.Node ? (null, CrmLog.AlreadyOnTarget(visit.Id, command.Word, command.Argument)) : (target, null);
    }

    /// <summary>The state a move command asks for, or null if it is none.</summary>
    internal static ServiceState? MoveState(QueuedCommand command) => command.Word switch
    {
        "migrate" => ServiceState.Migrate,
        "relocate" => ServiceState.Relocate,
        _ => null,
    };

    /// <summary>Whether a stop's time limit is zero: kill at once.</summary>
    internal static bool IsZero(string seconds) => !double.TryParse(seconds, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || number == 0;

    private static IEnumerable<Step> RequestStart(ServiceVisit visit)
    {
        if (visit.RebalanceOnStart)
        {
            var selected = visit.Select(NodePreference.BestScore);
            // It would start here if nobody balanced; that rules leave no better node must not keep it down.
            if (selected is null)
                yield return new Step.Log(CrmLog.NoNodeForStart(visit.Id, visit.Node));
            var best = selected ?? visit.Node;
            yield return new Step.Log(CrmLog.Rebalanced(visit.Id, best != visit.Node, best));
            if (best != visit.Node)
            {
                yield return new Step.Change(ServiceState.RequestStartBalance, visit.Node, best);
                yield break;
            }
        }

        yield return new Step.Change(ServiceState.Started, visit.Node);
    }

    private static IEnumerable<Step> Moving(ServiceVisit visit)
    {
        switch ((ExitCode?)visit.Result?.ExitCode)
        {
            case null:
                break;
            case ExitCode.Success:
                yield return new Step.Change(visit.StopOrStart, visit.Record.Target ?? visit.Node);
                yield break;
            case ExitCode.WrongNode:
                yield return new Step.Log(CrmLog.MovedToWrongNode(visit.Id));
                yield return new Step.Change(ServiceState.Error);
                break;
            case ExitCode.Ignored:
                yield return new Step.Log(CrmLog.RebalanceIgnored(visit.Id));
                yield return new Step.Change(visit.StopOrStart, visit.Node);
                break;
            default:
                yield return new Step.Log(CrmLog.MoveFailed(visit.Id, visit.Result!.ExitCode));
                yield return new Step.Change(visit.StopOrStart, visit.Node);
                yield break;
        }

        if (visit.Nodes.IsOfflineForLong(visit.Node))
            yield return new Step.Change(ServiceState.Fence);
    }

    private static IEnumerable<Step> RequestStop(ServiceVisit visit)
    {
        if (visit.Result is { } result)
        {
            if (result.ExitCode == (int)ExitCode.Success)
            {
                yield return new Step.Change(ServiceState.Stopped);
                yield break;
            }

            yield return new Step.Log(CrmLog.StopFailed(visit.Id, result.ExitCode));
            yield return new Step.Change(ServiceState.Error);
            yield break;
        }

        if (visit.Nodes.IsOfflineForLong(visit.Node))
            yield return new Step.Change(ServiceState.Fence);
    }

    private static IEnumerable<Step> Stopped(ServiceVisit visit)
    {
        if (visit.Record.Node != visit.ConfiguredNode)
        {
            yield return new Step.Log(CrmLog.FixingLocation(visit.Id, visit.Record.Node, visit.ConfiguredNode));
            yield return new Step.Amend(visit.Record with { Node = visit.ConfiguredNode });
        }

        if (visit.Record.Command is { } command)
        {
            if (MoveState(command) is { } move)
            {
                var (target, refusal) = CheckMove(visit, command);
                if (target is { } node)
                {
                    yield return new Step.Change(move, visit.Node, node);
                    yield break;
                }

                yield return new Step.Log(refusal!.Value);
            }
            else
            {
                yield return new Step.Log(command.Word == "stop" ? CrmLog.AlreadyStopped(visit.Id) : CrmLog.UnknownServiceCommand(visit.Id, command.Word));
            }

            yield return new Step.Amend(visit.Record with { Command = null });
        }

        if (visit.Wanted == WantedState.Disabled)
            yield break;
        if (visit.Nodes.IsOfflineForLong(visit.Node) && visit.Nodes.StateOf(visit.Node) != NodeState.Maintenance)
            yield return new Step.Change(ServiceState.Fence);
        else if (visit.Wanted == WantedState.Started)
            yield return new Step.Change(ServiceState.RequestStart, visit.Node);
        else if (visit.Wanted != WantedState.Stopped)
            yield return new Step.Log(CrmLog.UnknownWantedState(visit.Id, visit.Wanted));
    }

    private static IEnumerable<Step> Error(ServiceVisit visit)
    {
        if (visit.Wanted != WantedState.Disabled)
            yield break;
        yield return new Step.Amend(visit.Record with { FailedNodes = null });
        yield return new Step.Change(ServiceState.Stopped);
    }

    private static IEnumerable<Step> Recovery(ServiceVisit visit)
    {
        var from = visit.Node;
        // A move that only the configuration knows of: the node, or the master that took the service over, died before it was written down.
        // The owner may run it, for the node it is recovered from is proven off; taking it over from that one could only fail, for ever.
        if (visit.ConfiguredNode is { } owner && owner != from)
        {
            yield return new Step.Log(CrmLog.FixingLocation(visit.Id, from, owner));
            yield return new Step.Change(visit.StopOrStart, owner);
            yield break;
        }

        if (visit.Select(NodePreference.BestScore) is { } to)
        {
            yield return new Step.Log(CrmLog.Recovering(visit.Id, from, to));
            yield return new Step.TakeOver(from, to);
            yield return new Step.Change(visit.StopOrStart, to);
            yield break;
        }

        yield return new Step.Log(CrmLog.NoRecoveryNode(visit.Id, from));
        if (visit.Wanted == WantedState.Disabled)
        {
            yield return new Step.Amend(visit.Record with { FailedNodes = null });
            yield return new Step.Change(ServiceState.Stopped);
        }
    }
}
