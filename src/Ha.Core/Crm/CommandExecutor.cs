using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Rules;
using Microsoft.Extensions.Logging;

namespace Ha.Core.Crm;

/// <summary>Executes queued CRM commands on the master's memory. Accepting one only queues it: the service's next visit decides.</summary>
/// <param name="memory">The master's memory.</param>
/// <param name="resources">The configured resources.</param>
/// <param name="rules">The placement rules.</param>
/// <param name="log">The log.</param>
internal sealed class CommandExecutor(ManagerMemory memory, ResourceSnapshot resources, CompiledRules rules, ILogger log)
{
    /// <summary>Executes a queue's text, one command a line.</summary>
    public void Execute(string queue)
    {
        var text = queue.TrimEnd('\n');
        if (text.Length == 0)
            return;
        foreach (var line in text.Split('\n'))
            ExecuteLine(line);
    }

    /// <summary>Queues a move, and those of the partners that come along, as if an administrator had asked for it.</summary>
    /// <param name="id">A service that is known.</param>
    /// <param name="target">An online node that it is not on.</param>
    /// <param name="taskOf"><c>migrate</c> or <c>relocate</c>, for each service that moves.</param>
    public void QueueMove(ResourceId id, NodeName target, Func<ResourceId, string> taskOf) => QueueMove($"{taskOf(id)} {id} {target}", id, target, taskOf);

    private void ExecuteLine(string line)
    {
        var words = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var isClean = line.Length > 0 && !char.IsWhiteSpace(line[0]) && !char.IsWhiteSpace(line[^1]);
        switch (isClean ? words : [])
        {
            case ["migrate" or "relocate", var sid, var node]:
                Move(line, words[0], sid, node);
                break;
            case ["stop", var sid, var timeout] when timeout.All(char.IsAsciiDigit):
                Stop(line, sid, timeout);
                break;
            case ["enable-node-maintenance", var node]:
                EnableMaintenance(line, node);
                break;
            case ["disable-node-maintenance", var node]:
                DisableMaintenance(node);
                break;
            case ["disarm-ha", "freeze" or "ignore"]:
                DisarmStack(line, words[1]);
                break;
            case ["arm-ha"]:
                ArmStack(line);
                break;
            default:
                log.Write(CrmLog.CommandUnparsable(line));
                break;
        }
    }

    private void Move(string line, string task, string sid, string node)
    {
        if (!ResourceId.TryParse(sid, out var id) || !memory.Services.TryGetValue(id, out var record))
            log.Write(CrmLog.CommandNoService(line));
        else if (!NodeName.TryParse(node, out var target) || memory.Nodes.StateOf(target) != NodeState.Online)
            log.Write(CrmLog.CommandNodeOffline(line));
        else if (record.Node == target)
            log.Write(CrmLog.CommandAlreadyThere(line));
        else
            QueueMove(line, id, target, _ => task);
    }

    private void QueueMove(string line, ResourceId id, NodeName target, Func<ResourceId, string> taskOf)
    {
        foreach (var foe in MovePartners.Blocking(id, target, rules, memory.Services))
        {
            log.Write(CrmLog.CommandBlocked(line, foe, target.Value, id));
            return;
        }

        log.Write(CrmLog.GotCommand(line));
        Queue(id, taskOf(id), target.Value);
        foreach (var friend in MovePartners.Friends(id, rules, memory.Services).Where(f => memory.Services[f] is var r && r.Node != target && r.Target != target).ToList())
        {
            log.Write(CrmLog.CommandTakesAlong(line, taskOf(friend), friend, target.Value, id));
            Queue(friend, taskOf(friend), target.Value);
        }
    }

    private void Queue(ResourceId id, string word, string argument) =>
        memory.Services[id] = memory.Services[id] with { Command = new QueuedCommand(word, argument) };

    private void Stop(string line, string sid, string timeout)
    {
        if (!ResourceId.TryParse(sid, out var id) || !memory.Services.ContainsKey(id))
        {
            log.Write(CrmLog.CommandNoService(line));
            return;
        }

        log.Write(CrmLog.GotCommand(line));
        Queue(id, "stop", timeout);
    }

    private void EnableMaintenance(string line, string name)
    {
        var state = NodeName.TryParse(name, out var node) ? memory.Nodes.StateOf(node) : NodeState.Unknown;
        if (memory.Disarm is not null)
            log.Write(CrmLog.MaintenanceWhileDisarmed(name));
        else if (node is not null && state == NodeState.Online)
            memory.Requests = memory.Requests.SetItem(node, new NodeRequest(true));
        else if (state == NodeState.Maintenance)
            log.Write(CrmLog.AlreadyInMaintenance(name));
        else
            log.Write(CrmLog.CommandNodeOffline(line));
    }

    private void DisableMaintenance(string name)
    {
        var state = NodeName.TryParse(name, out var node) ? memory.Nodes.StateOf(node) : NodeState.Unknown;
        if (state != NodeState.Maintenance)
            log.Write(CrmLog.NotInMaintenance(name, state));
        if (node is not null)
            memory.Requests = memory.Requests.SetItem(node, new NodeRequest(false));
    }

    private void DisarmStack(string line, string mode)
    {
        if (memory.Disarm is { } disarm)
        {
            log.Write(CrmLog.AlreadyDisarmed(disarm.State));
            return;
        }

        log.Write(CrmLog.GotCommand(line));
        if (mode == "ignore")
        {
            foreach (var id in memory.Services.Keys)
                log.Write(CrmLog.SuspendingTracking(id));
        }

        memory.Disarm = new Disarm(mode, "disarming");
    }

    private void ArmStack(string line)
    {
        if (memory.Disarm is not { } disarm)
        {
            log.Write(CrmLog.NotDisarmed());
            return;
        }

        log.Write(CrmLog.GotCommand(line));
        if (disarm.Mode == "ignore")
        {
            foreach (var (id, record) in memory.Services.ToArray())
            {
                if (resources.Find(id)?.Node is not { } node || node == record.Node)
                    continue;
                log.Write(CrmLog.MovedWhileDisarmed(id, record.Node, node));
                memory.Services[id] = record with { Node = node };
            }
        }

        memory.Disarm = null;
    }
}
