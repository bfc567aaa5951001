using Ha.Core.Model;
using Ha.Demo.Story;
using Ha.LocalCluster.Observing;
using static Ha.Demo.Tests.Worlds;

namespace Ha.Demo.Tests;

public sealed class StoryTests
{
    [Fact]
    public void Services_are_added_when_all_nodes_are_online()
    {
        Assert.IsType<StoryAct.AddServices>(StoryMachine.Next(StoryProgress.Begin, CalmAt(10)));
        Assert.Null(StoryMachine.Next(StoryProgress.Begin, CalmAt(10).WithNode(N3, n => n with { IsOnline = false })));
    }

    [Fact]
    public void The_master_is_frozen_after_a_while_of_calm()
    {
        var progress = Begun().With(CalmAt(10));
        Assert.Null(StoryMachine.Next(progress.With(CalmAt(11.9)), CalmAt(11.9)));
        var act = Assert.IsType<StoryAct.Freeze>(StoryMachine.Next(progress.With(CalmAt(12)), CalmAt(12)));
        Assert.Equal((FaultKind.Freeze, N1, true), (act.Fault.Kind, act.Fault.Node, act.Fault.WasMaster));
        Assert.Equal([Web], act.Fault.Services);
    }

    [Fact]
    public void Calm_begins_anew_after_a_disturbance()
    {
        var progress = Begun().With(CalmAt(10)).With(CalmAt(11).WithNode(N2, n => n with { IsOnline = false })).With(CalmAt(12.5));
        Assert.Null(StoryMachine.Next(progress, CalmAt(12.5)));
    }

    public static TheoryData<string> Disturbances => ["no master", "status of an old master", "node off", "node not online", "service not started", "service silent", "service elsewhere"];

    [Theory]
    [MemberData(nameof(Disturbances))]
    public void A_cluster_with_one_thing_amiss_is_not_steady(string what)
    {
        var calm = CalmAt(10);
        Assert.True(StoryMachine.IsSteady(calm));
        Assert.False(StoryMachine.IsSteady(what switch
        {
            "no master" => calm with { ManagerLock = calm.ManagerLock! with { Holder = null } },
            "status of an old master" => calm with { ManagerLock = HeldBy("node2/crm") },
            "node off" => calm.WithNode(N3, n => n with { HasPower = false }),
            "node not online" => calm with { Status = calm.Status with { Nodes = new Dictionary<NodeName, NodeState> { [N1] = NodeState.Online, [N2] = NodeState.Online, [N3] = NodeState.Unknown } } },
            "service not started" => calm.WithHome(Web, N1, ServiceState.RequestStart),
            "service silent" => calm.WithRuns(Web, Run(Web, N1, 1, 7.9)),
            "service elsewhere" => calm.WithRuns(Web, Run(Web, N2, 1, 10)),
            _ => calm,
        }));
    }

    [Fact]
    public void The_frozen_node_starts_again_only_after_it_was_reset_and_its_services_run_elsewhere()
    {
        var progress = Frozen().With(Recovered(22.3).WithNode(N1, n => n with { HasPower = true }));
        Assert.Null(StoryMachine.Next(progress, CalmAt(22.3)));
        progress = progress.With(Recovered(22.4));
        Assert.Equal(N1, Assert.IsType<StoryAct.Restart>(StoryMachine.Next(progress, Recovered(22.4))).Node);
    }

    [Fact]
    public void The_second_victim_is_neither_the_first_nor_the_master()
    {
        var seen = CalmAt(30) with { ManagerLock = HeldBy("node2/crm") };
        seen = (seen with { Status = seen.Status with { MasterNode = N2 } }).WithHome(Web, N3).WithRuns(Web, Run(Web, N3, 22, 30));
        var progress = Frozen().With(Recovered(22.4)).After(new StoryAct.Restart(N1), TimeSpan.FromSeconds(23)) with { SteadySince = TimeSpan.FromSeconds(28) };
        var act = Assert.IsType<StoryAct.Kill>(StoryMachine.Next(progress, seen));
        Assert.Equal((FaultKind.Kill, N3, false), (act.Fault.Kind, act.Fault.Node, act.Fault.WasMaster));
    }

    [Fact]
    public void A_failover_is_measured_from_the_fault_to_the_start_in_the_journal_not_to_when_it_was_seen()
    {
        var failover = Frozen().With(Recovered(22.4)).Failovers[0];
        Assert.Equal(10.25, failover.FirstStartAfter!.Value.TotalSeconds, 3);
        Assert.Equal(10.4, failover.After(Milestone.NewMaster)!.Value.TotalSeconds, 3);
        Assert.True(failover.IsComplete);
    }

    [Fact]
    public void Milestones_stay_where_they_were_first_seen()
    {
        var failover = Frozen().With(Recovered(22.4)).With(Recovered(23.4)).Failovers[0];
        Assert.Equal(10.4, failover.After(Milestone.Fenced)!.Value.TotalSeconds, 3);
    }

    [Fact]
    public void A_start_on_the_failed_node_itself_is_no_failover()
    {
        var seen = Recovered(22.4).WithRuns(Web, Run(Web, N1, 1, 12), Run(Web, N1, 22, 22.4));
        Assert.Null(Frozen().With(seen).Failovers[0].FirstStartAfter);
    }

    [Fact]
    public void A_node_whose_lock_is_free_is_not_fenced_yet()
    {
        var seen = Recovered(22.4).WithNode(N1, n => n with { AgentLock = HeldBy("node1/lrm", expired: true) });
        var failover = Frozen().With(seen).Failovers[0];
        Assert.NotNull(failover.After(Milestone.LockExpired));
        Assert.Null(failover.After(Milestone.Fenced));
    }

    [Fact]
    public void The_loss_of_a_node_that_was_not_master_needs_no_new_master()
    {
        var fault = new Fault(FaultKind.Kill, N1, TimeSpan.FromSeconds(12), WasMaster: false, [Web]);
        var failover = new Failover(fault).With(Recovered(22.4));
        Assert.True(failover.IsComplete);
        Assert.Null(failover.After(Milestone.NewMaster));
    }

    [Fact]
    public void The_time_line_tells_the_milestones_in_their_order_with_times_from_the_fault()
    {
        var failover = Frozen()
            .With(CalmAt(17).WithNode(N1, n => n with { HasPower = false }))
            .With(Recovered(22.4)).Failovers[0];
        Assert.Equal(
            [
                "node1 (the master): daemons frozen, services still running; it ran exec:web",
                "     +0.00 s  fault",
                "     +5.00 s  node reset by its watchdog, its services are gone with it",
                "    +10.25 s  first service started elsewhere (by its journal)",
                "    +10.25 s  all services running elsewhere (by their journals)",
                "    +10.40 s  new master: node2",
                "    +10.40 s  the node's lock expired",
                "    +10.40 s  fenced: the master holds the node's lock",
                "    +10.40 s  recovered: each service has a new home",
                "  failover time 10.25 s from the fault to the first start elsewhere (goal: at most 12 s)",
            ],
            TimeLine.Of(failover));
    }

    [Fact]
    public void Changes_are_told_once()
    {
        var before = CalmAt(10);
        Assert.Empty(Changes.Between(before, before));
        var now = (before with { ManagerLock = HeldBy("node2/crm") })
            .WithNode(N1, n => n with { HasPower = false, AgentLock = HeldBy("node2/crm") })
            .WithHome(Web, N2, ServiceState.Started);
        Assert.Equal(
            ["node2 is master", "node1: all its processes are gone", "node1: its lock ran out and was taken by node2", "exec:web: started on node2 (was on node1)"],
            Changes.Between(before, now));
    }

    private static StoryProgress Begun() => StoryProgress.Begin.After(new StoryAct.AddServices(), TimeSpan.Zero);

    private static StoryProgress Frozen()
    {
        var fault = new Fault(FaultKind.Freeze, N1, TimeSpan.Zero, WasMaster: true, [Web]);
        return Begun().After(new StoryAct.Freeze(fault), TimeSpan.FromSeconds(12));
    }

    /// <summary>node1 is off, node2 is master and runs its service since 22.25 s.</summary>
    private static Observation Recovered(double seconds) => (CalmAt(seconds) with { ManagerLock = HeldBy("node2/crm") })
        .WithNode(N1, n => n with { HasPower = false, IsOnline = false, AgentLock = HeldBy("node2/crm") })
        .WithHome(Web, N2)
        .WithRuns(Web, Run(Web, N1, 1, 17), Run(Web, N2, 22.25, seconds));
}
