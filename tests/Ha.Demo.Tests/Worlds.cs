using System.Collections.Immutable;
using Ha.Core.Model;
using Ha.Core.Stores;
using Ha.LocalCluster.Journals;
using Ha.LocalCluster.Observing;

namespace Ha.Demo.Tests;

/// <summary>Observations of an imagined cluster: calm, and with one thing changed.</summary>
internal static class Worlds
{
    public static readonly NodeName N1 = NodeName.Parse("node1");
    public static readonly NodeName N2 = NodeName.Parse("node2");
    public static readonly NodeName N3 = NodeName.Parse("node3");
    public static readonly ResourceId Web = ResourceId.Parse("exec:web");
    public static readonly ResourceId Mail = ResourceId.Parse("exec:mail");

    /// <summary>node1 is master and runs web, node2 runs mail, node3 nothing; all is well.</summary>
    public static Observation CalmAt(double seconds) => new()
    {
        At = TimeSpan.FromSeconds(seconds),
        ManagerLock = HeldBy("node1/crm"),
        Status = new ManagerStatus
        {
            MasterNode = N1,
            Nodes = new[] { N1, N2, N3 }.ToImmutableSortedDictionary(n => n, _ => NodeState.Online),
            Services = new() { [Mail] = Started(N2), [Web] = Started(N1) },
        },
        Nodes = new[] { N1, N2, N3 }.ToImmutableSortedDictionary(
            n => n, n => new NodeSight(true, false, true, new LrmStatus { State = LrmState.Active }, HeldBy($"{n}/lrm"))),
        Runs = ImmutableSortedDictionary<ResourceId, IReadOnlyList<ServiceRun>>.Empty
            .Add(Web, [Run(Web, N1, 1, seconds)])
            .Add(Mail, [Run(Mail, N2, 1, seconds)]),
    };

    public static Observation WithNode(this Observation seen, NodeName node, Func<NodeSight, NodeSight> change) =>
        seen with { Nodes = seen.Nodes.SetItem(node, change(seen.Nodes[node])) };

    public static Observation WithHome(this Observation seen, ResourceId service, NodeName node, ServiceState state = ServiceState.Started)
    {
        var services = new SortedList<ResourceId, ServiceRecord>(seen.Status.Services) { [service] = Started(node) with { State = state } };
        return seen with { Status = seen.Status with { Services = services } };
    }

    public static Observation WithRuns(this Observation seen, ResourceId service, params ServiceRun[] runs) =>
        seen with { Runs = seen.Runs.SetItem(service, runs) };

    public static ServiceRun Run(ResourceId service, NodeName node, double from, double to) =>
        new(service.Value, node.Value, 1, TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(to), false) { FirstIndex = 0, LastIndex = 0 };

    public static LockView HeldBy(string holder, bool expired = false) => new(holder, 1, TimeSpan.FromSeconds(9), TimeSpan.Zero, expired);

    private static ServiceRecord Started(NodeName node) => new() { State = ServiceState.Started, Node = node };
}
