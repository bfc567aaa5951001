using Ha.Core.Crm;
using Ha.Core.Model;
using static Ha.Core.Tests.Crm.ServiceWorld;

namespace Ha.Core.Tests.Crm;

public sealed class ServiceMachineTests
{
    private static readonly ServiceWorld Calm = new();

    public static TheoryData<ServiceState> States => [.. Enum.GetValues<ServiceState>()];

    [Fact]
    public void A_healthy_service_is_left_alone_but_looked_after()
    {
        var (record, steps) = (Calm with { ExitCode = 0, Running = true }).Visit();
        Assert.Equal([new Step.Reissue(OnlyAsCheck: true)], steps);
        Assert.Equal(ServiceState.Started, record.State);
    }

    [Fact]
    public void A_started_service_on_a_node_that_is_away_is_fenced_only_after_the_delay()
    {
        Assert.Empty((Calm with { NodeA = NodeState.Unknown }).Visit().Steps);
        Assert.Equal([new Step.Change(ServiceState.Fence)], (Calm with { NodeA = NodeState.Unknown, OfflineForLong = true }).Visit().Steps);
    }

    [Fact]
    public void An_old_result_of_a_silent_node_proves_nothing()
    {
        var (record, _) = (Calm with { NodeA = NodeState.Unknown, OfflineForLong = true, ExitCode = 0 }).Visit();
        Assert.Equal(ServiceState.Fence, record.State);
        Assert.False(record.Running);
    }

    [Fact]
    public void A_start_that_rules_leave_no_node_for_happens_where_the_service_is_and_says_so()
    {
        var (record, steps) = (Calm with { State = ServiceState.RequestStart, Rebalance = true, Selected = null }).Visit();
        Assert.Equal((ServiceState.Started, A, (NodeName?)null), (record.State, record.Node!, record.Target));
        Assert.Equal(
            ["service vm:101: no online node follows the rules, starting on current node a", "service vm:101: re-balance selected current node a for startup"],
            steps.OfType<Step.Log>().Select(s => s.Line.Text));
    }

    [Fact]
    public void A_failed_start_is_tried_elsewhere_as_often_as_allowed()
    {
        var (record, _) = (Calm with { ExitCode = 1, Selected = B }).Visit();
        Assert.Equal((ServiceState.Migrate, B), (record.State, record.Target!));
        Assert.Equal([A], record.FailedNodes!.Value);
    }

    [Fact]
    public void A_failed_start_too_many_is_an_error()
    {
        var (record, steps) = (Calm with { ExitCode = 1, Failed = [B], Selected = B }).Visit();
        Assert.Equal(ServiceState.Error, record.State);
        Assert.Contains(steps, s => s is Step.Log { Line.Text: "recovery policy for service vm:101 failed, entering error state. Failed nodes: b, a" });
    }

    [Fact]
    public void A_failed_start_that_stays_is_ordered_again_at_once()
    {
        var (record, steps) = (Calm with { ExitCode = 1, Selected = null }).Visit();
        Assert.Contains(new Step.Reissue(OnlyAsCheck: false), steps);
        Assert.Equal([A], record.FailedNodes!.Value);
    }

    [Fact]
    public void A_stop_command_asks_for_the_stop_and_then_changes_what_is_wanted()
    {
        var (_, steps) = (Calm with { Command = new("stop", "30") }).Visit();
        Assert.Equal(
            [
                new Step.Log(new LogLine(1050, Severity.Info, "request graceful stop with timeout '30' for service 'vm:101'")),
                new Step.Change(ServiceState.RequestStop, Timeout: "30"),
                new Step.WantStopped(),
            ],
            steps);
    }

    [Fact]
    public void A_service_leaving_a_node_in_maintenance_remembers_where_it_was()
    {
        var (record, _) = (Calm with { NodeA = NodeState.Maintenance, Selected = B }).Visit();
        Assert.Equal((ServiceState.Migrate, A), (record.State, record.MaintenanceNode!));
    }

    [Fact]
    public void Only_a_machine_moves_without_being_stopped_by_itself()
    {
        Assert.Equal(ServiceState.Migrate, (Calm with { Selected = B }).Visit().Record.State);
        Assert.Equal(ServiceState.Relocate, (Calm with { Selected = B, Type = "ct" }).Visit().Record.State);
    }

    [Fact]
    public void A_service_in_error_is_left_alone_until_it_is_disabled()
    {
        Assert.All(All(ServiceState.Error).Where(w => w.Wanted != WantedState.Disabled), w => Assert.Empty(w.Visit().Steps));
        Assert.All(All(ServiceState.Error).Where(w => w.Wanted == WantedState.Disabled), w => Assert.Equal(ServiceState.Stopped, w.Visit().Record.State));
    }

    [Theory]
    [InlineData(WantedState.Started, ServiceState.Started)]
    [InlineData(WantedState.Disabled, ServiceState.RequestStop)]
    public void A_recovered_service_that_has_moved_already_stays_where_the_configuration_has_it(WantedState wanted, ServiceState next)
    {
        var (record, steps) = (Calm with { State = ServiceState.Recovery, Wanted = wanted, Configured = B, Selected = A }).Visit();
        Assert.Equal((next, (NodeName?)B), (record.State, record.Node));
        Assert.Equal(["fixup service 'vm:101' location (a => b)"], steps.OfType<Step.Log>().Select(s => s.Line.Text));
        Assert.Empty(steps.OfType<Step.TakeOver>());
    }

    [Fact]
    public void Recovery_takes_the_service_over_before_it_is_ordered_anywhere()
    {
        foreach (var world in All(ServiceState.Recovery))
        {
            var steps = world.Visit().Steps;
            var order = steps.FindIndex(s => s is Step.Change { To: ServiceState.Started or ServiceState.RequestStop });
            if (order >= 0)
                Assert.Equal(order - 1, steps.FindIndex(s => s is Step.TakeOver));
        }
    }

    [Fact]
    public void No_visit_leads_out_of_fence() => Assert.All(All(ServiceState.Fence), w => Assert.Empty(w.Visit().Steps));

    /// <summary>What must never happen, asked of every world of the state at once: enumerating the worlds is the expensive part.</summary>
    [Theory]
    [MemberData(nameof(States))]
    public void No_world_runs_a_service_elsewhere_too_early_fences_a_live_node_or_repeats_an_order(ServiceState state)
    {
        foreach (var world in All(state))
        {
            var (record, steps) = world.Visit();
            var changes = steps.Count(s => s is Step.Change);
            if (record.State == ServiceState.Started && record.Node != A && state != ServiceState.Recovery && world.ExitCode != 0)
                Assert.Fail($"ordered to run on {record.Node} without the move's success or recovery: {world}");
            if (steps.Any(s => s is Step.Change { To: ServiceState.Fence }) && world is not { OfflineForLong: true, NodeA: not NodeState.Online })
                Assert.Fail($"fenced without a silent node: {world}");
            if (changes > 2 || (changes > 0 && record.Uid != "new"))
                Assert.Fail($"{changes} transitions, order '{record.Uid}': {world}");
        }
    }

    [Fact]
    public void A_transition_into_the_present_state_is_a_broken_invariant() =>
        Assert.Throws<InvalidOperationException>(() => new Step.Change(ServiceState.Started).Apply(new ServiceRecord { State = ServiceState.Started }, "u"));

    [Fact]
    public void Parameters_are_shown_sorted_and_only_if_given()
    {
        Assert.Equal("", new Step.Change(ServiceState.Fence).Parameters);
        Assert.Equal("  (node = a, target = b)", new Step.Change(ServiceState.Migrate, A, B).Parameters);
        Assert.Equal("  (timeout = 0)", new Step.Change(ServiceState.RequestStop, Timeout: "0").Parameters);
    }
}
