using Ha.Core.Model;
using Ha.Core.Scheduling;

namespace Ha.Core.Crm;

/// <summary>A visit of a service that is to be running: its node's health, the wanted state, commands, start results, placement.</summary>
internal static class StartedVisit
{
    public static IEnumerable<Step> Steps(ServiceVisit visit)
    {
        var nodeState = visit.Nodes.StateOf(visit.Node);
        if (nodeState != NodeState.Online)
        {
            if (visit.Nodes.IsOfflineForLong(visit.Node))
                yield return new Step.Change(ServiceState.Fence);
            if (nodeState != NodeState.Maintenance)
                yield break;
            // Goes on even from the fence just entered: expected logs hold both transitions.
            yield return new Step.Amend(visit.Record with { MaintenanceNode = visit.Node });
        }

        if (visit.Wanted is WantedState.Disabled or WantedState.Stopped)
        {
            yield return new Step.Change(ServiceState.RequestStop);
            yield break;
        }

        var rest = visit switch
        {
            { Wanted: not WantedState.Started } => [new Step.Log(CrmLog.UnknownWantedState(visit.Id, visit.Wanted))],
            { Record.Command: { } command } => Command(visit, command),
            _ => ResultAndPlacement(visit),
        };
        foreach (var step in rest)
            yield return step;
    }

    private static IEnumerable<Step> Command(ServiceVisit visit, QueuedCommand command)
    {
        if (ServiceMachine.MoveState(command) is { } move)
        {
            var (target, refusal) = ServiceMachine.CheckMove(visit, command);
            if (target is { } node)
            {
                yield return new Step.Log(CrmLog.Moving(visit.Id, command.Word, node));
                yield return new Step.Change(move, visit.Node, node);
                yield break;
            }

            yield return new Step.Log(refusal!.Value);
        }
        else if (command.Word == "stop")
        {
            yield return new Step.Log(ServiceMachine.IsZero(command.Argument) ? CrmLog.HardStop(visit.Id) : CrmLog.GracefulStop(visit.Id, command.Argument));
            yield return new Step.Change(ServiceState.RequestStop, Timeout: command.Argument);
            yield return new Step.WantStopped();
            yield break;
        }
        else
        {
            yield return new Step.Log(CrmLog.UnknownServiceCommand(visit.Id, command.Word));
        }

        yield return new Step.Amend(visit.Record with { Command = null });
    }

    private static IEnumerable<Step> ResultAndPlacement(ServiceVisit visit)
    {
        var preference = NodePreference.None;
        var succeeded = visit.Result?.ExitCode == (int)ExitCode.Success;
        if (succeeded)
        {
            foreach (var step in Success(visit))
                yield return step;
        }
        else if (visit.Result is { } failure)
        {
            foreach (var step in Failure(visit, failure.ExitCode))
                yield return step;
            if (visit.Record.State == ServiceState.Error)
                yield break;
            preference = NodePreference.TryNext;
        }

        if (visit.Select(preference) is { } selected && selected != visit.Node)
        {
            foreach (var step in Move(visit, selected))
                yield return step;
            yield break;
        }

        if (preference == NodePreference.TryNext && visit.Select(preference) is null)
            yield return new Step.Log(CrmLog.AllNodesTried(visit.Id, List(visit)));
        if (visit.Record.MaintenanceNode == visit.Node && visit.Nodes.StateOf(visit.Node) == NodeState.Online)
        {
            yield return new Step.Log(CrmLog.ClearingStaleMaintenance(visit.Id, visit.Node));
            yield return new Step.Amend(visit.Record with { MaintenanceNode = null });
        }

        if (visit.Result is not null)
            yield return new Step.Reissue(OnlyAsCheck: succeeded);
    }

    private static IEnumerable<Step> Success(ServiceVisit visit)
    {
        if (visit.Record.FailedNodes is not null)
            yield return new Step.Log(CrmLog.RelocationSucceeded(visit.Id, visit.Node, List(visit)));
        if (visit.Record is { FailedNodes: not null } or { Running: false })
            yield return new Step.Amend(visit.Record with { FailedNodes = null, Running = true });
    }

    private static IEnumerable<Step> Failure(ServiceVisit visit, int code)
    {
        var retryable = code is (int)ExitCode.Error or (int)ExitCode.WrongNode;
        yield return new Step.Amend(visit.Record with { FailedNodes = visit.FailedNodes.Add(visit.Node), Running = visit.Record.Running && !retryable });
        if (!retryable)
        {
            yield return new Step.Log(CrmLog.Unrecoverable(visit.Id, code));
            yield return new Step.Change(ServiceState.Error);
        }
        else if (visit.FailedNodes.Length <= visit.MaxRelocate)
        {
            yield return new Step.Log(CrmLog.StartFailed(visit.Id, visit.Node));
        }
        else
        {
            yield return new Step.Log(CrmLog.RecoveryPolicyFailed(visit.Id, List(visit)));
            yield return new Step.Change(ServiceState.Error);
        }
    }

    private static IEnumerable<Step> Move(ServiceVisit visit, NodeName selected)
    {
        if (visit.Record.MaintenanceNode is { } fallback && (selected == fallback || visit.Node != fallback))
        {
            yield return new Step.Log(selected == fallback ? CrmLog.MovingBack(visit.Id, fallback) : CrmLog.DroppingFallback(visit.Id, fallback));
            yield return new Step.Amend(visit.Record with { MaintenanceNode = null });
        }

        var live = visit.Id.Type == "vm";
        yield return new Step.Log(live ? CrmLog.MovingRunning(visit.Id, selected) : CrmLog.Moving(visit.Id, "relocate", selected));
        yield return new Step.Change(live ? ServiceState.Migrate : ServiceState.Relocate, visit.Node, selected);
    }

    private static string List(ServiceVisit visit) => string.Join(", ", visit.FailedNodes);
}
