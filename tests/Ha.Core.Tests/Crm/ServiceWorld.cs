using System.Collections.Immutable;
using Ha.Core.Crm;
using Ha.Core.Model;

namespace Ha.Core.Tests.Crm;

/// <summary>A small world of one service on node <c>a</c>, with a node <c>b</c> to go to: every question a visit can ask, each answer both ways.</summary>
internal sealed record ServiceWorld : INodeFacts
{
    public static readonly ResourceId Vm = ResourceId.Parse("vm:101");
    public static readonly NodeName A = NodeName.Parse("a");
    public static readonly NodeName B = NodeName.Parse("b");

    public ServiceState State { get; init; } = ServiceState.Started;

    public WantedState Wanted { get; init; } = WantedState.Started;

    public NodeState NodeA { get; init; } = NodeState.Online;

    public NodeState NodeB { get; init; } = NodeState.Online;

    public bool OfflineForLong { get; init; }

    public int? ExitCode { get; init; }

    public QueuedCommand? Command { get; init; }

    public NodeName? Selected { get; init; } = A;

    public int MaxRelocate { get; init; } = 1;

    public bool Rebalance { get; init; }

    public bool Running { get; init; }

    public ImmutableArray<NodeName>? Failed { get; init; }

    public NodeName? Fallback { get; init; }

    public NodeName? Configured { get; init; } = A;

    public string Type { get; init; } = "vm";

    public NodeState StateOf(NodeName node) => node == A ? NodeA : NodeB;

    public bool IsOfflineForLong(NodeName node) => node == A && NodeA != NodeState.Online && OfflineForLong;

    /// <summary>Carries a visit out as the manager's round does.</summary>
    public (ServiceRecord Record, List<Step> Steps) Visit()
    {
        var visit = new ServiceVisit
        {
            Id = ResourceId.Parse($"{Type}:101"),
            Record = new ServiceRecord
            {
                State = State,
                Node = A,
                Uid = "old",
                Target = State is ServiceState.Migrate or ServiceState.Relocate or ServiceState.RequestStartBalance ? B : null,
                Command = Command,
                Running = Running,
                FailedNodes = Failed,
                MaintenanceNode = Fallback,
            },
            Wanted = Wanted,
            ConfiguredNode = Configured,
            MaxRelocate = MaxRelocate,
            Result = ExitCode is { } code ? new JobResult(Vm, State.Word(), code) : null,
            RebalanceOnStart = Rebalance,
            Nodes = this,
            Select = _ => Selected,
        };
        var steps = new List<Step>();
        foreach (var step in ServiceMachine.Visit(visit))
        {
            steps.Add(step);
            visit.Record = step switch
            {
                Step.Change change => change.Apply(visit.Record, "new"),
                Step.Amend amend => amend.Now,
                Step.Reissue => visit.Record with { Uid = "new" },
                _ => visit.Record,
            };
        }

        return (visit.Record, steps);
    }

    /// <summary>Every world in which the service is in a state.</summary>
    public static IEnumerable<ServiceWorld> All(ServiceState state) =>
        from wanted in Enum.GetValues<WantedState>()
        from nodeA in Enum.GetValues<NodeState>()
        from nodeB in new[] { NodeState.Online, NodeState.Unknown }
        from away in new[] { true, false }
        from code in new int?[] { null, -1, 0, 1, 3, 8 }
        from command in new QueuedCommand?[] { null, new("migrate", "b"), new("relocate", "a"), new("stop", "30"), new("dance", "b") }
        from selected in new NodeName?[] { null, A, B }
        from failed in new ImmutableArray<NodeName>?[] { null, [B] }
        from fallback in new NodeName?[] { null, A, B }
        from rebalance in state == ServiceState.RequestStart ? new[] { true, false } : [false]
        select new ServiceWorld
        {
            State = state,
            Wanted = wanted,
            NodeA = nodeA,
            NodeB = nodeB,
            OfflineForLong = away,
            ExitCode = code,
            Command = command,
            Selected = selected,
            Failed = failed,
            Fallback = fallback,
            Rebalance = rebalance,
        };
}
