using System.Collections.Immutable;
using Ha.Core.Model;
using Ha.LocalCluster.Observing;

namespace Ha.Demo.Story;

/// <summary>How far the story has come.</summary>
internal enum Chapter
{
    /// <summary>The nodes start.</summary>
    Starting,

    /// <summary>The services were added, and are started.</summary>
    Beginning,

    /// <summary>The master's daemons are frozen.</summary>
    MasterFrozen,

    /// <summary>The node that was reset starts again.</summary>
    Rejoining,

    /// <summary>Another node is dead.</summary>
    NodeKilled,

    /// <summary>Every service runs again.</summary>
    End,
}

/// <summary>What the story does next.</summary>
internal abstract record StoryAct
{
    private StoryAct()
    {
    }

    /// <summary>Adds the services.</summary>
    public sealed record AddServices : StoryAct;

    /// <summary>Freezes the daemons of a node.</summary>
    public sealed record Freeze(Fault Fault) : StoryAct;

    /// <summary>Starts a node again.</summary>
    public sealed record Restart(NodeName Node) : StoryAct;

    /// <summary>Kills a node.</summary>
    public sealed record Kill(Fault Fault) : StoryAct;

    /// <summary>Nothing more.</summary>
    public sealed record Finish : StoryAct;
}

/// <summary>The story: one function from the chapter and what is seen to the next act, or null to wait. Pure.</summary>
internal static class StoryMachine
{
    /// <summary>How long the cluster must have been calm before the next fault: people shall see it.</summary>
    public static readonly TimeSpan Calm = TimeSpan.FromSeconds(2);

    /// <summary>Decides.</summary>
    /// <param name="progress">How far the story has come.</param>
    /// <param name="seen">The cluster now.</param>
    public static StoryAct? Next(StoryProgress progress, Observation seen) => progress.Chapter switch
    {
        Chapter.Starting => seen.Nodes.Count > 0 && seen.Nodes.Values.All(n => n is { HasPower: true, IsOnline: true }) ? new StoryAct.AddServices() : null,
        Chapter.Beginning => IsCalm(progress, seen) && seen.Master is { } master
            ? new StoryAct.Freeze(FaultOf(FaultKind.Freeze, master, seen))
            : null,
        Chapter.MasterFrozen => progress.Failovers[^1].IsComplete ? new StoryAct.Restart(progress.Failovers[^1].Fault.Node) : null,
        Chapter.Rejoining => IsCalm(progress, seen) && Victim(progress, seen) is { } victim
            ? new StoryAct.Kill(FaultOf(FaultKind.Kill, victim, seen))
            : null,
        Chapter.NodeKilled => progress.Failovers[^1].IsComplete ? new StoryAct.Finish() : null,
        Chapter.End => null,
    };

    /// <summary>Whether nothing is left to be done by the cluster: a master, all living nodes online, all services running where they should.</summary>
    public static bool IsSteady(Observation seen) =>
        seen.Master is { } master && seen.Status.MasterNode == master
        && seen.Nodes.All(n => n.Value is { HasPower: true, IsFrozen: false, IsOnline: true } && seen.Status.StateOf(n.Key) == NodeState.Online)
        && seen.Runs.Count > 0
        && seen.Runs.Keys.All(s => seen.Status.Services.GetValueOrDefault(s) is { State: ServiceState.Started } record
            && record.Node == seen.AliveOn(s, Failover.Patience));

    private static bool IsCalm(StoryProgress progress, Observation seen) => progress.SteadySince is { } since && seen.At - since >= Calm;

    // The node that was not touched yet and is not the master, so that the second failover shows a lost member alone.
    private static NodeName? Victim(StoryProgress progress, Observation seen)
    {
        var frozen = progress.Failovers[0].Fault.Node;
        var others = seen.Nodes.Keys.Where(n => n != frozen && n != seen.Master && ServicesOn(n, seen).Count > 0).ToList();
        return others.Count > 0 ? others[0] : null;
    }

    private static Fault FaultOf(FaultKind kind, NodeName node, Observation seen) => new(kind, node, seen.At, seen.Master == node, ServicesOn(node, seen));

    private static ImmutableSortedSet<ResourceId> ServicesOn(NodeName node, Observation seen) =>
        [.. seen.Status.Services.Where(s => s.Value.Node == node).Select(s => s.Key)];
}
