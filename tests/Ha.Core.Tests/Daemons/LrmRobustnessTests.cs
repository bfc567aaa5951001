using Ha.Core.Lrm;
using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;
using static Ha.Core.Tests.Daemons.World;

namespace Ha.Core.Tests.Daemons;

/// <summary>What once ended an LRM, or made others wait for it for ever.</summary>
public sealed class LrmRobustnessTests
{
    private static readonly ServiceRecord Moving = new() { State = ServiceState.Migrate, Node = A, Target = B, Uid = "u1" };
    private readonly World _world = new();

    public LrmRobustnessTests() => _world.Configure(Vm, WantedState.Started, A);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stack_that_is_disarmed_gets_its_moves_done_first_whether_or_not_the_node_is_active(bool isActive)
    {
        _world.Agent.Running.Add(Vm);
        var lrm = _world.Lrm();
        if (isActive)
        {
            await _world.StoreStatusAsync((Vm, new ServiceRecord { State = ServiceState.Started, Node = A, Uid = "u0" }));
            await lrm.RunRoundAsync(default);
        }

        await StoreDisarmingAsync(Moving);
        await RoundAsync(lrm);
        Assert.Equal(0, (await _world.LrmStatusAsync()).Results["u1"].ExitCode);
        Assert.Equal(LrmMode.Active, (await _world.LrmStatusAsync()).Mode);

        await StoreDisarmingAsync(new ServiceRecord { State = ServiceState.Freeze, Node = B, Uid = "u2" });
        await RoundAsync(lrm);
        Assert.Equal((LrmState.WaitForAgentLock, LrmMode.Disarm), (lrm.State, (await _world.LrmStatusAsync()).Mode));
        Assert.False(_world.Watchdog.IsOpen);
        Assert.Empty(_world.Cluster.Locks);
    }

    [Fact]
    public async Task The_target_of_a_move_need_not_wait_for_it_to_let_go()
    {
        await StoreDisarmingAsync(Moving with { Node = B, Target = A });
        var lrm = _world.Lrm();
        await lrm.RunRoundAsync(default);
        Assert.Equal(LrmMode.Disarm, (await _world.LrmStatusAsync()).Mode);
    }

    [Fact]
    public async Task A_node_with_work_in_flight_does_not_say_that_it_is_disarmed()
    {
        await _world.StoreStatusAsync((Vm, new ServiceRecord { State = ServiceState.Started, Node = A, Uid = "u" }));
        _world.Agent.Hold = new TaskCompletionSource();
        var lrm = _world.Lrm(workers: 4);
        var ended = new TaskCompletionSource();
        lrm.OnJobEnded = () => ended.TrySetResult();
        await lrm.RunRoundAsync(default);
        await StoreDisarmingAsync(new ServiceRecord { State = ServiceState.Freeze, Node = A, Uid = "u" });
        await RoundAsync(lrm);
        Assert.True(_world.Watchdog.IsOpen);
        Assert.Equal(LrmMode.Active, (await _world.LrmStatusAsync()).Mode);

        _world.Agent.Hold.SetResult();
        await ended.Task;
        await RoundAsync(lrm);
        Assert.False(_world.Watchdog.IsOpen);
        Assert.Equal(LrmMode.Disarm, (await _world.LrmStatusAsync()).Mode);
    }

    [Fact]
    public async Task An_unreadable_manager_status_does_not_end_an_lrm_in_maintenance()
    {
        await _world.StoreStatusAsync((Vm, new ServiceRecord { State = ServiceState.Started, Node = A, Uid = "u" }));
        var lrm = _world.Lrm();
        await lrm.RunRoundAsync(default);
        _world.Host = new HostShutdown(true, false);
        _world.Settings = new DatacenterSettings("migrate");
        await lrm.RequestShutdownAsync(default);
        await RoundAsync(lrm);
        Assert.Equal(LrmState.Maintenance, lrm.State);
        var fed = _world.Watchdog.Deadlines.Count;
        await _world.Store.CommitAsync(KvBatch.Empty.Put(DocumentKeys.ManagerStatus, "?"u8.ToArray()), default);
        Assert.False((await RoundAsync(lrm)).Exit);
        Assert.Equal((LrmState.Maintenance, fed + 1), (lrm.State, _world.Watchdog.Deadlines.Count));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Unreadable_resources_are_logged_and_leave_the_state_as_it_is(bool isDisarming)
    {
        await _world.StoreStatusAsync((Vm, new ServiceRecord { State = ServiceState.Started, Node = A, Uid = "u" }));
        var lrm = _world.Lrm();
        await lrm.RunRoundAsync(default);
        // Both ways ask the queue in the step that changes the state: no service here any more, and a stack to be disarmed.
        if (isDisarming)
            await StoreDisarmingAsync(new ServiceRecord { State = ServiceState.Freeze, Node = A, Uid = "u" });
        else
            await _world.StoreStatusAsync();
        _world.WhenResourcesAreRead = () => throw new PlatformException("the inventory is gone");
        Assert.False((await RoundAsync(lrm)).Exit);
        Assert.Equal(LrmState.Active, lrm.State);
        Assert.Contains("got unexpected error - the inventory is gone", _world.Texts);
        Assert.Equal(2, _world.Watchdog.Deadlines.Count);
    }

    [Fact]
    public async Task A_service_to_be_fenced_is_no_job()
    {
        await _world.StoreStatusAsync((Vm, new ServiceRecord { State = ServiceState.Fence, Node = A, Uid = "u" }));
        Assert.Empty(Assignments.JobsOf(await _world.StoredStatusAsync(), A));
    }

    [Theory]
    [InlineData("99999999999999999999999999", 86400)]
    [InlineData("37", 37)]
    [InlineData("0", 0)]
    public async Task A_stop_may_be_given_any_number_of_seconds(string seconds, double limit)
    {
        _world.Agent.Running.Add(Vm);
        await _world.StoreStatusAsync((Vm, new ServiceRecord { State = ServiceState.RequestStop, Node = A, Uid = "u", Timeout = seconds }));
        await _world.Lrm().RunRoundAsync(default);
        Assert.Equal(0, (await _world.LrmStatusAsync()).Results["u"].ExitCode);
        Assert.Equal([TimeSpan.FromSeconds(limit)], _world.Agent.StopLimits);
    }

    private async Task<RoundOutcome> RoundAsync(LrmDaemon lrm)
    {
        _world.Pass(10);
        return await lrm.RunRoundAsync(default);
    }

    private async Task StoreDisarmingAsync(ServiceRecord record)
    {
        await _world.StoreStatusAsync((Vm, record));
        var status = await _world.StoredStatusAsync() with { Disarm = new Disarm("freeze", "disarming") };
        await _world.Store.CommitAsync(KvBatch.Empty.Put(DocumentKeys.ManagerStatus, ManagerStatusDocument.Write(status)), default);
    }
}
