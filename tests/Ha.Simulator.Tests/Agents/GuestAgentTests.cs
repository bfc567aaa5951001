using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Simulator.Agents;
using Ha.Simulator.Hardware;
using Ha.Simulator.Nodes;
using Ha.Testing;

namespace Ha.Simulator.Tests.Agents;

public class GuestAgentTests
{
    private static readonly NodeName Node1 = NodeName.Parse("node1");
    private static readonly NodeName Node2 = NodeName.Parse("node2");

    private readonly CapturingLogger _log = new();
    private readonly DaemonClock _clock = new(new HardwareClock());

    [Fact]
    public async Task A_migrated_service_does_not_run_on_its_target_until_it_is_started_there()
    {
        var world = World("vm:101");
        world.Running.Set(Node1, "vm:101", running: true);
        Assert.True(await new GuestAgent(world, _clock).MigrateAsync(Call("vm:101"), Node2, online: true, TestContext.Current.CancellationToken));
        Assert.Equal("node2", world.Services.Entries["vm:101"].Node);
        Assert.False(world.Running.IsRunning(Node1, "vm:101"));
        Assert.False(world.Running.IsRunning(Node2, "vm:101"));
        Assert.Equal(["service vm:101 - start migrate to node 'node2'", "service vm:101 - end migrate to node 'node2'"], Texts);
    }

    [Fact]
    public async Task A_running_container_is_relocated_where_it_should_be_migrated()
    {
        var world = World("ct:101");
        world.Running.Set(Node1, "ct:101", running: true);
        await new ContainerAgent(world, _clock).MigrateAsync(Call("ct:101"), Node2, online: true, TestContext.Current.CancellationToken);
        Assert.Equal(
            [
                "unable to live migrate running container, fallback to relocate",
                "service ct:101 - start relocate to node 'node2'",
                "stopping service ct:101 (relocate)",
                "service status ct:101 stopped",
                "service ct:101 - end relocate to node 'node2'",
            ],
            Texts);
        Assert.Equal(Severity.Warning, _log.Lines[0].Severity);
    }

    [Fact]
    public async Task A_locked_service_neither_starts_nor_stops_nor_moves()
    {
        var world = World("vm:101");
        world.Services.Change("vm:101", e => e.Lock = "backup");
        var agent = new GuestAgent(world, _clock);
        await agent.StartAsync(Call("vm:101"), TestContext.Current.CancellationToken);
        await agent.StopAsync(Call("vm:101"), null, TestContext.Current.CancellationToken);
        Assert.False(await agent.MigrateAsync(Call("vm:101"), Node2, online: false, TestContext.Current.CancellationToken));
        Assert.Equal(
            ["service 'vm:101' locked (backup), unable to start!", "service 'vm:101' locked (backup), unable to shutdown!", "service 'vm:101' locked (backup), unable to relocate!"],
            Texts.Where(t => t.Contains("locked", StringComparison.Ordinal)));
        Assert.Equal(0, _clock.PendingSeconds);
    }

    [Fact]
    public async Task Only_a_listed_lock_is_removed()
    {
        var world = World("vm:101");
        world.Services.Change("vm:101", e => e.Lock = "backup");
        var agent = new GuestAgent(world, _clock);
        Assert.Null(await agent.RemoveLockAsync(ResourceId.Parse("vm:101"), Node1, ["mounted"], TestContext.Current.CancellationToken));
        Assert.Equal("backup", await agent.RemoveLockAsync(ResourceId.Parse("vm:101"), Node1, ["mounted", "backup"], TestContext.Current.CancellationToken));
        Assert.Null(world.Services.Entries["vm:101"].Lock);
    }

    [Fact]
    public async Task A_failing_service_starts_after_as_many_failures_as_its_second_digit_says_and_then_fails_again()
    {
        var world = World("fa:120");
        var agent = new FailingAgent(world, _clock);
        var started = new List<bool>();
        for (var attempt = 0; attempt < 6; attempt++)
        {
            world.Running.Clear(Node1);
            await agent.StartAsync(Call("fa:120"), TestContext.Current.CancellationToken);
            started.Add(world.Running.IsRunning(Node1, "fa:120"));
        }

        Assert.Equal([false, false, true, false, false, true], started);
    }

    [Fact]
    public async Task The_sixth_digit_says_where_a_service_fails()
    {
        var world = World("fa:120002");
        await new FailingAgent(world, _clock).StartAsync(Call("fa:120002"), TestContext.Current.CancellationToken);
        Assert.True(world.Running.IsRunning(Node1, "fa:120002"));
    }

    [Fact]
    public async Task The_fourth_digit_says_that_a_service_never_stops()
    {
        var world = World("fa:1001");
        var agent = new FailingAgent(world, _clock);
        await agent.StartAsync(Call("fa:1001"), TestContext.Current.CancellationToken);
        await agent.StopAsync(Call("fa:1001"), null, TestContext.Current.CancellationToken);
        Assert.True(world.Running.IsRunning(Node1, "fa:1001"));
    }

    [Fact]
    public async Task A_failing_move_says_nothing()
    {
        var world = World("fa:101");
        var agent = new FailingAgent(world, _clock);
        Assert.False(await agent.MigrateAsync(Call("fa:101"), Node2, online: true, TestContext.Current.CancellationToken));
        Assert.Empty(_log.Lines);
        Assert.True(await agent.MigrateAsync(Call("fa:101"), Node2, online: true, TestContext.Current.CancellationToken));
    }

    private IEnumerable<string> Texts => _log.Lines.Select(l => l.Text);

    private static GuestWorld World(string id) => new(
        new ServiceTable(new(StringComparer.Ordinal) { [id] = new(new(StringComparer.Ordinal) { ["node"] = "\"node1\"" }) }), new RunningServices([Node1, Node2]));

    private AgentCall Call(string id) => new(ResourceId.Parse(id), new ResourceSettings { State = WantedState.Started }, Node1, _log);
}
