using Ha.Core.Model;
using Ha.LocalCluster.Observing;

namespace Ha.Demo.Story;

/// <summary>What has changed between two observations, in words; one line each. Pure.</summary>
internal static class Changes
{
    /// <summary>The changes.</summary>
    public static IEnumerable<string> Between(Observation before, Observation now)
    {
        if (now.Master != before.Master && now.Master is { } master)
            yield return $"{master} is master";
        foreach (var (node, sight) in now.Nodes)
        {
            foreach (var change in OfNode(node, before, now, sight))
                yield return change;
        }

        foreach (var (id, record) in now.Status.Services)
        {
            var old = before.Status.Services.GetValueOrDefault(id);
            if (old is null || old.State != record.State || old.Node != record.Node)
                yield return $"{id}: {record.State.Word()} on {record.Node}{(old is null || old.Node == record.Node ? "" : $" (was on {old.Node})")}";
        }

        foreach (var (id, runs) in now.Runs)
        {
            foreach (var run in runs.Skip(before.Runs.GetValueOrDefault(id)?.Count ?? 0))
                yield return $"{id}: process {run.ProcessId} started on {run.Node}";
        }
    }

    private static IEnumerable<string> OfNode(NodeName node, Observation before, Observation now, NodeSight sight)
    {
        var old = before.Nodes.GetValueOrDefault(node);
        if (old is { HasPower: true } && !sight.HasPower)
            yield return old.IsFrozen ? $"{node}: reset by its watchdog, all its processes are gone" : $"{node}: all its processes are gone";
        if (old is { AgentLock: { Expired: false, Holder: not null } held } && Observation.NodeOf(held.Holder) == node && sight.AgentLock is { } agentLock
            && (agentLock.Expired || Observation.NodeOf(agentLock.Holder) != node))
        {
            yield return Observation.NodeOf(agentLock.Holder) is { } other && other != node ? $"{node}: its lock ran out and was taken by {other}" : $"{node}: its lock ran out";
        }

        if (now.Status.StateOf(node) is var state && state != before.Status.StateOf(node))
            yield return $"{node}: {state.Word()}";
        if (sight.Lrm.State is { } lrm && lrm != old?.Lrm.State)
            yield return $"{node}: LRM {lrm.Word()}";
    }
}
