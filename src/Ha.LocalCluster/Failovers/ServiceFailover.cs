using System.Collections.Immutable;
using Ha.Core.Model;
using Ha.LocalCluster.Journals;

namespace Ha.LocalCluster.Failovers;

/// <summary>How one service came back after its node was lost.</summary>
/// <param name="Service">The service.</param>
/// <param name="Phases">How long each phase took; <see cref="FailoverPhase.Elect"/> only if the master was lost.</param>
public sealed record ServiceFailover(ResourceId Service, ImmutableSortedDictionary<FailoverPhase, TimeSpan> Phases)
{
    /// <summary>From the loss of the node to the service's first sign of life elsewhere.</summary>
    public TimeSpan Total => Phases.Values.Aggregate(TimeSpan.Zero, (sum, phase) => sum + phase);

    /// <summary>Reads it off what the survivors' daemons and the service wrote.</summary>
    /// <param name="service">The service; it ran on the lost node.</param>
    /// <param name="lost">The node.</param>
    /// <param name="log">The log of all daemons, in any order.</param>
    /// <param name="runs">The service's runs.</param>
    /// <exception cref="LocalClusterException">A step is missing in it; the message names service and step.</exception>
    public static ServiceFailover Read(ResourceId service, LostNode lost, IReadOnlyCollection<DaemonLine> log, IReadOnlyList<ServiceRun> runs)
    {
        ArgumentNullException.ThrowIfNull(lost);
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(runs);
        var survivors = log.Where(l => l.Node != lost.Node && l.At >= lost.At).OrderBy(l => l.At).ToList();
        var reached = ImmutableSortedDictionary.CreateBuilder<FailoverPhase, TimeSpan>();
        if (lost.WasMaster)
            reached[FailoverPhase.Elect] = First("crm", t => t.StartsWith("status change ", StringComparison.Ordinal) && t.EndsWith(" => master", StringComparison.Ordinal), "no CRM became master");
        reached[FailoverPhase.Detect] = First("crm", t => t.StartsWith($"node '{lost.Node}': state changed from 'online' => ", StringComparison.Ordinal), $"no master missed node {lost.Node}");
        reached[FailoverPhase.Prove] = First("crm", t => t.Contains($"fencing: acknowledged - got agent lock for node '{lost.Node}'", StringComparison.Ordinal), $"no master got the agent lock of {lost.Node}");
        reached[FailoverPhase.Place] = First("crm", t => t.StartsWith($"recover service '{service}' ", StringComparison.Ordinal), "it was not recovered");
        reached[FailoverPhase.PickUp] = First("lrm", t => t == $"starting service {service}", "no LRM started it");
        reached[FailoverPhase.Start] = runs.Where(r => r.Started > lost.SinceBoot && r.Node != lost.Node.Value).Select(r => r.Started - lost.SinceBoot).Order().Select(t => (TimeSpan?)t).FirstOrDefault()
            ?? throw Missing("it gave no sign of life elsewhere");

        // Each step's time since the one before it. The clocks of logs and journals are told apart by up to 10 ms: a step never takes less than nothing.
        var (phases, before) = (ImmutableSortedDictionary.CreateBuilder<FailoverPhase, TimeSpan>(), TimeSpan.Zero);
        foreach (var (phase, at) in reached)
        {
            phases[phase] = at > before ? at - before : TimeSpan.Zero;
            before = at > before ? at : before;
        }

        return new ServiceFailover(service, phases.ToImmutable());

        TimeSpan First(string daemon, Func<string, bool> says, string otherwise) =>
            survivors.Find(l => l.Daemon == daemon && says(l.Text)) is { } line ? line.At - lost.At : throw Missing(otherwise);

        LocalClusterException Missing(string what) => new($"{service} after the loss of {lost.Node}: {what}");
    }
}
