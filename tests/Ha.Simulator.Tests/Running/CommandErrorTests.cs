namespace Ha.Simulator.Tests.Running;

/// <summary>A command that cannot be executed ends the run, and the last line says why.</summary>
public class CommandErrorTests
{
    private const string OneService = """{ "vm:101": { "node": "node1", "state": "started" } }""";

    [Theory]
    [InlineData("power", "sim_hardware_cmd: no node or service for command specified")]
    [InlineData("", "sim_hardware_cmd: no node or service for command specified")]
    [InlineData("power node9 on", "sim_hardware_cmd: no such node 'node9'")]
    [InlineData(" power node1 on", "sim_hardware_cmd: no such node 'power'")]
    [InlineData("delay soon", "sim_hardware_cmd: no such node 'soon'")]
    [InlineData("after soon power node1 off", "sim_hardware_cmd: no such node 'soon'")]
    [InlineData("after 20", "sim_hardware_cmd: no such node '20'")]
    [InlineData("skip-round both", "sim_hardware_cmd: no such node 'both'")]
    [InlineData("service 101 started", "value does not look like a valid ha resource id")]
    public void A_command_about_nothing_we_know_ends_the_run_before_it_is_logged(string command, string error)
    {
        using var scenario = TemporaryScenario.Of(command).With("service_config", OneService);
        var run = scenario.Run();
        Assert.Equal(error, run.Error);
        Assert.DoesNotContain($"cmdlist: execute {command}\n", run.Log, StringComparison.Ordinal);
        Assert.EndsWith($"err     120     hardware: exit simulation - {error}\n \n", run.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("power node1 up", "sim_hardware_cmd: unknown action 'up'")]
    [InlineData("network node1 up", "sim_hardware_cmd: unknown network action 'up'")]
    [InlineData("explode node1", "sim_hardware_cmd: unknown command 'explode node1'")]
    [InlineData("cfs node1 mount work", "sim_hardware_cmd: unknown cfs action 'mount' for node 'node1'")]
    [InlineData("cfs node1 rw maybe", "sim_hardware_cmd: unknown cfs command 'maybe' for 'rw' on node 'node1'")]
    [InlineData("pve-manager-version node1 get", "sim_hardware_cmd: unknown version action 'get'")]
    [InlineData("crm node1 explode", "sim_hardware_cmd: unknown action 'explode'")]
    [InlineData("crm node1 disarm-ha gently", "sim_hardware_cmd: unknown resource mode 'gently'")]
    [InlineData("service vm:999 started", "no such service 'vm:999'")]
    [InlineData("service vm:101 migrate", "sim_hardware_cmd: missing target node for 'migrate' command")]
    [InlineData("service vm:101 relocate", "sim_hardware_cmd: missing target node for 'relocate' command")]
    [InlineData("service vm:101 stop", "sim_hardware_cmd: missing timeout for 'stop' command")]
    [InlineData("service vm:101 add node1", "resource ID 'vm:101' already defined")]
    [InlineData("service vm:102 delete", "no such service 'vm:102'")]
    [InlineData("service vm:102 lock", "no such service 'vm:102'")]
    [InlineData("service vm:102 unlock", "no such service 'vm:102'")]
    [InlineData("service vm:101 set-static-stats", "sim_hardware_cmd: missing target stat for 'set-static-stats' command")]
    [InlineData("service vm:101 set-static-stats maxcpu", "sim_hardware_cmd: missing value for 'set-static-stats maxcpu' command")]
    [InlineData("service vm:101 set-static-stats cpu 1", "sim_hardware_cmd: unknown target stat 'cpu' for 'set-static-stats' command")]
    [InlineData("service vm:102 set-dynamic-stats cpu 1", "no such service 'vm:102'")]
    [InlineData("service vm:101 manual-migrate", "sim_hardware_cmd: missing target node for 'manual-migrate' command")]
    [InlineData("service vm:102 manual-migrate node2", "sim_hardware_cmd: service 'vm:102' not configured")]
    [InlineData("service vm:101 manual-migrate node2", "sim_hardware_cmd: manual-migrate requires service in 'ignored' state or disarm-ha ignore mode")]
    [InlineData("service vm:102 crash", "no such service 'vm:102'")]
    [InlineData("fault node1 luck on", "sim_hardware_cmd: unknown fault 'luck' for node 'node1'")]
    [InlineData("fault node1 watchdog maybe", "sim_hardware_cmd: unknown fault command 'maybe' for 'watchdog' on node 'node1'")]
    [InlineData("membership node1 pause", "sim_hardware_cmd: unknown membership action 'pause'")]
    [InlineData("write diary dear", "sim_hardware_cmd: no such document 'diary'")]
    [InlineData("write datacenter.cfg 7", "datacenter.cfg:1:1: found 7, expected the settings as an object { … }")]
    [InlineData("service vm:101 explode", "sim_hardware_cmd: unknown service action 'explode' - not implemented")]
    public void A_command_that_fails_ends_the_run_after_it_is_logged(string command, string error)
    {
        using var scenario = TemporaryScenario.Of(command).With("service_config", OneService);
        var run = scenario.Run();
        Assert.Equal(error, run.Error);
        Assert.EndsWith($"info    120      cmdlist: execute {command}\nerr     120     hardware: exit simulation - {error}\n \n", run.Log, StringComparison.Ordinal);
    }
}
