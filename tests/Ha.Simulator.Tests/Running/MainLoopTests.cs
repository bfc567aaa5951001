namespace Ha.Simulator.Tests.Running;

public class MainLoopTests
{
    [Fact]
    public void A_run_without_commands_ends_at_520()
    {
        using var scenario = new TemporaryScenario();
        Assert.Equal("info      0     hardware: starting simulation\ninfo    520     hardware: exit simulation - done\n", scenario.Run().Log);
    }

    [Fact]
    public void Two_runs_of_one_scenario_give_the_same_log_and_documents()
    {
        using var scenario = TemporaryScenario.Of("network node3 off").With("service_config", """{ "vm:101": { "node": "node3", "state": "started" } }""");
        var (first, second) = (scenario.Run(), scenario.Run());
        Assert.Equal(first.Log, second.Log);
        Assert.Equal(first.Final, second.Final);
    }

    [Theory]
    [InlineData(0, 120)]
    [InlineData(10, 120)]
    [InlineData(100, 200)]
    [InlineData(200, 300)]
    [InlineData(300, 400)]
    public void A_delay_moves_the_next_batch_but_not_the_rest_of_its_own(int delay, int next)
    {
        using var scenario = new TemporaryScenario().With("cmdlist", $"[ [ \"delay {delay}\", \"network node1 off\" ], [ \"network node2 off\" ] ]");
        var log = scenario.Run().Log;
        Assert.Contains("info     20      cmdlist: execute network node1 off\n", log, StringComparison.Ordinal);
        Assert.Contains($"info {next,6}      cmdlist: execute network node2 off\n", log, StringComparison.Ordinal);
    }

    [Fact]
    public void A_delay_in_the_last_batch_moves_the_end()
    {
        using var scenario = new TemporaryScenario().With("cmdlist", """[ [ "network node1 off" ], [ "delay 50" ] ]""");
        Assert.EndsWith("info    660     hardware: exit simulation - done\n", scenario.Run().Log, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_batch_uses_up_a_slot_and_is_no_command()
    {
        using var scenario = new TemporaryScenario().With("cmdlist", """[ [ "network node1 off" ], [], [] ]""");
        Assert.EndsWith("info    620     hardware: exit simulation - done\n", scenario.Run().Log, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_takes_too_long_is_ended()
    {
        using var scenario = new TemporaryScenario().With("cmdlist", """[ [ "delay 20000" ] ]""");
        Assert.Equal("simulation exceeded maximum time (10000) - force end", scenario.Run().Error);
    }

    [Fact]
    public void Thirty_nodes_are_too_many()
    {
        var nodes = Enumerable.Range(1, 30).Select(n => $$"""  "node{{n}}": { "power": "off", "network": "off" }""");
        using var scenario = new TemporaryScenario().With("hardware_status", $"{{ {string.Join(",\n", nodes)} }}");
        Assert.Equal("unable to simulate so many nodes. You need to increase watchdog/lock timeouts.", scenario.Run().Error);
    }

    [Fact]
    public void With_more_than_ten_nodes_a_loop_takes_two_seconds_a_node()
    {
        var nodes = Enumerable.Range(1, 12).Select(n => $$"""  "node{{n}}": { "power": "off", "network": "off" }""");
        using var scenario = new TemporaryScenario().With("hardware_status", $"{{ {string.Join(",\n", nodes)} }}").With("cmdlist", """[ [ "network node1 off" ] ]""");
        Assert.Contains("info     24      cmdlist: execute network node1 off\n", scenario.Run().Log, StringComparison.Ordinal);
    }

    [Fact]
    public void A_skipped_round_is_logged_once_a_loop_and_takes_no_time()
    {
        using var scenario = new TemporaryScenario().With("cmdlist", """[ [ "power node1 on", "power node2 on", "skip-round crm 2" ] ]""");
        var log = scenario.Run().Log;
        Assert.Contains("info     20     run-loop: skipping CRM round\n", log, StringComparison.Ordinal);
        Assert.Contains("info     40     run-loop: skipping CRM round\n", log, StringComparison.Ordinal);
        Assert.Equal(2, log.Split("skipping CRM round").Length - 1);
    }

    [Fact]
    public void A_node_that_has_power_from_the_start_is_online_but_runs_no_daemon()
    {
        using var scenario = new TemporaryScenario()
            .With("hardware_status", """{ "node1": { "power": "on", "network": "on" } }""")
            .With("cmdlist", """[ [ "power node1 on" ] ]""");
        Assert.DoesNotContain("status change", scenario.Run().Log, StringComparison.Ordinal);
    }

    [Fact]
    public void A_CRM_that_nobody_asked_to_leave_may_be_stopped_and_started_by_the_story()
    {
        using var scenario = new TemporaryScenario().With("cmdlist", """[ [ "power node1 on", "power node2 on" ], [ "crm node2 stop" ], [ "crm node2 start" ] ]""");
        var run = scenario.Run();
        Assert.Null(run.Error);
        Assert.Contains("node2/crm: server received shutdown request\n", run.Log, StringComparison.Ordinal);
        Assert.Contains("node2/crm: exit (loop end)\n", run.Log, StringComparison.Ordinal);
        Assert.Contains("info    220    node2/crm: status change startup => wait_for_quorum\n", run.Log, StringComparison.Ordinal);
    }
}
