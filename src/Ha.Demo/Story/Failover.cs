using System.Collections.Immutable;
using Ha.Core.Model;
using Ha.LocalCluster.Journals;
using Ha.LocalCluster.Observing;

namespace Ha.Demo.Story;

/// <summary>How far the cluster has come with one fault. Immutable; each observation may add milestones, none is ever taken back.</summary>
/// <param name="Fault">The fault.</param>
/// <param name="Reached">The milestones reached and when, since boot.</param>
internal sealed record Failover(Fault Fault, ImmutableSortedDictionary<Milestone, TimeSpan> Reached)
{
    /// <summary>How old a service's last sign of life may be; its heartbeats are four a second.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>A fault that was just made.</summary>
    public Failover(Fault fault)
        : this(fault, ImmutableSortedDictionary<Milestone, TimeSpan>.Empty)
    {
    }

    /// <summary>Who took over, once there is a new master.</summary>
    public NodeName? Successor { get; init; }

    /// <summary>Whether everything that must happen has happened.</summary>
    public bool IsComplete => Enum.GetValues<Milestone>().All(m => Reached.ContainsKey(m) || (m == Milestone.NewMaster && !Fault.WasMaster));

    /// <summary>From the fault to the first start elsewhere; null before.</summary>
    public TimeSpan? FirstStartAfter => After(Milestone.FirstStart);

    /// <summary>From the fault to a milestone; null before it is reached.</summary>
    public TimeSpan? After(Milestone milestone) => Reached.TryGetValue(milestone, out var at) ? at - Fault.At : null;

    /// <summary>Takes an observation into account.</summary>
    public Failover With(Observation seen)
    {
        var reached = Reached;
        foreach (var milestone in Enum.GetValues<Milestone>().Where(m => !reached.ContainsKey(m)))
        {
            if (When(milestone, seen) is { } at)
                reached = reached.Add(milestone, at);
        }

        return reached == Reached ? this : this with { Reached = reached, Successor = Successor ?? (reached.ContainsKey(Milestone.NewMaster) ? seen.Master : null) };
    }

    private TimeSpan? When(Milestone milestone, Observation seen)
    {
        var node = seen.Nodes.GetValueOrDefault(Fault.Node);
        var owner = node?.AgentLock is { } agentLock ? Observation.NodeOf(agentLock.Holder) : Fault.Node;
        return milestone switch
        {
            Milestone.NodeReset => If(node is { HasPower: false }),
            Milestone.NewMaster => If(Fault.WasMaster && seen.Master is { } master && master != Fault.Node),
            Milestone.LockExpired => If(owner != Fault.Node || node is { AgentLock.Expired: true }),
            Milestone.Fenced => If(owner is not null && owner != Fault.Node),
            Milestone.Recovered => If(Fault.Services.All(s => seen.Status.Services.GetValueOrDefault(s) is { Node: { } home } && home != Fault.Node)),
            Milestone.FirstStart => Starts(seen).Order().Select(at => (TimeSpan?)at).FirstOrDefault(),
            Milestone.AllRunning => AllRun(seen) ? Starts(seen).Order().Select(at => (TimeSpan?)at).LastOrDefault() : null,
        };

        TimeSpan? If(bool holds) => holds ? seen.At : null;
    }

    private bool AllRun(Observation seen) => Fault.Services.All(s => FirstElsewhere(seen, s) is not null && seen.AliveOn(s, Patience) is not null);

    private IEnumerable<TimeSpan> Starts(Observation seen) => Fault.Services.Select(s => FirstElsewhere(seen, s)).OfType<ServiceRun>().Select(r => r.Started);

    private ServiceRun? FirstElsewhere(Observation seen, ResourceId service) =>
        seen.Runs.GetValueOrDefault(service)?.FirstOrDefault(r => r.Started >= Fault.At && r.Node != Fault.Node.Value);
}
