using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;
using static Ha.Core.Tests.Daemons.World;

namespace Ha.Core.Tests.Daemons;

public sealed class CrmDaemonTests
{
    private readonly World _world = new();

    [Fact]
    public async Task The_first_to_get_the_lock_is_master_and_its_watchdog_counts_from_the_acquisition()
    {
        _world.Configure(Vm, WantedState.Started, B);
        _world.Pass(7);
        var crm = _world.Crm();
        await crm.RunRoundAsync(default);
        Assert.Equal(CrmState.Master, crm.State);
        Assert.Equal([new Instant(TimeSpan.FromSeconds(67))], _world.Watchdog.Deadlines);
        Assert.Equal(ServiceState.Started, (await _world.StoredStatusAsync()).Services[Vm].State);
    }

    [Fact]
    public async Task Without_resources_nobody_becomes_master()
    {
        var crm = _world.Crm();
        await crm.RunRoundAsync(default);
        Assert.Equal(CrmState.WaitForQuorum, crm.State);
        Assert.False(_world.Watchdog.IsOpen);
    }

    [Fact]
    public async Task A_master_that_lost_its_lock_in_the_middle_of_a_round_writes_nothing()
    {
        _world.Configure(Vm, WantedState.Started, B);
        var crm = _world.Crm();
        await crm.RunRoundAsync(default);
        var before = await _world.StoredStatusAsync();
        _world.Resources.Remove(Vm);
        _world.WhenResourcesAreRead = () =>
        {
            _world.WhenResourcesAreRead = null;
            _world.Pass(121);
            Assert.IsType<LockAttempt.Granted>(_world.TakeAsync(DocumentKeys.ManagerLock).Result);
        };
        await crm.RunRoundAsync(default);
        Assert.Contains("manager status not written: another node took the manager lock", _world.Texts);
        Assert.Equal(before.Services.Keys, (await _world.StoredStatusAsync()).Services.Keys);
        await crm.RunRoundAsync(default);
        Assert.Equal(CrmState.WaitForQuorum, crm.State);
        Assert.False(_world.Watchdog.IsOpen);
    }

    [Fact]
    public async Task Without_a_watchdog_nobody_acts_as_master_and_the_lock_is_free_for_others()
    {
        _world.Configure(Vm, WantedState.Started, B);
        _world.Watchdog.Refuses = true;
        var crm = _world.Crm();
        await crm.RunRoundAsync(default);
        Assert.NotEqual(CrmState.Master, crm.State);
        Assert.IsType<LockAttempt.Granted>(await _world.TakeAsync(DocumentKeys.ManagerLock));
    }

    [Fact]
    public async Task A_bad_round_is_logged_and_the_next_one_goes_on()
    {
        _world.Configure(Vm, WantedState.Started, B);
        var crm = _world.Crm();
        await crm.RunRoundAsync(default);
        _world.WhenResourcesAreRead = () => throw new PlatformException("the inventory is gone");
        _world.Pass(10);
        Assert.False((await crm.RunRoundAsync(default)).Exit);
        Assert.Contains("got unexpected error - the inventory is gone", _world.Texts);
        _world.WhenResourcesAreRead = null;
        _world.Pass(10);
        await crm.RunRoundAsync(default);
        Assert.Equal(CrmState.Master, crm.State);
        Assert.Equal(20, (await _world.StoredStatusAsync()).Timestamp - (_world.Time.GetUtcNow() - _world.Time.Elapsed).ToUnixTimeSeconds());
    }

    [Fact]
    public async Task A_damaged_manager_status_makes_nobody_master_and_is_not_overwritten()
    {
        _world.Configure(Vm, WantedState.Started, B);
        await _world.Store.CommitAsync(KvBatch.Empty.Put(DocumentKeys.ManagerStatus, "{ not json"u8.ToArray()), default);
        var crm = _world.Crm();
        await crm.RunRoundAsync(default);
        Assert.Equal(CrmState.WaitForQuorum, crm.State);
        Assert.Contains(_world.Texts, t => t.StartsWith("could not read manager status: manager status is not JSON", StringComparison.Ordinal));
        Assert.Equal("{ not json"u8.ToArray(), (await _world.Store.GetAsync(DocumentKeys.ManagerStatus, ReadLevel.Linearizable, default))!.Value.ToArray());
    }

    [Theory]
    [InlineData(false, ServiceState.Started)]
    [InlineData(true, ServiceState.Fence)]
    public async Task A_new_master_fences_at_once_only_if_it_watched_the_members_before(bool watched, ServiceState expected)
    {
        _world.Profile = _world.Profile with { TracksMembersAlways = watched };
        _world.Configure(Vm, WantedState.Started, B);
        await _world.StoreStatusAsync((Vm, new ServiceRecord { State = ServiceState.Started, Node = B, Uid = "u" }));
        await _world.TakeAsync(DocumentKeys.ManagerLock);
        await _world.TakeAsync(DocumentKeys.AgentLock(B), "b/lrm");
        var crm = _world.Crm();
        await crm.RunRoundAsync(default);
        Assert.Equal(CrmState.Slave, crm.State);
        _world.Nodes[B] = false;
        _world.Pass(110);
        await crm.RunRoundAsync(default);
        Assert.Equal(CrmState.Slave, crm.State);
        _world.Pass(10); // Both locks are still good: 120 seconds, not more.
        await crm.RunRoundAsync(default);
        Assert.Equal(CrmState.Slave, crm.State);
        await _world.Connect(98).TryAcquireAsync(DocumentKeys.AgentLock(C), new LockOptions("c/lrm", _world.Profile.LockTtl, 0), default);
        await Renew(DocumentKeys.AgentLock(B));
        _world.Pass(1);
        await crm.RunRoundAsync(default);
        Assert.Equal(CrmState.Master, crm.State);
        Assert.Equal(expected, (await _world.StoredStatusAsync()).Services[Vm].State);

        // The lost node's own lock is renewed by its LRM, which cannot reach the members but still the store: it must not be recovered.
        async Task Renew(StoreKey name) =>
            await _world.Connect(99).TryAcquireAsync(name, new LockOptions("b/lrm", _world.Profile.LockTtl, 0, AdoptOwn: true), default);
    }

    [Fact]
    public async Task A_node_is_recovered_only_with_its_lock_in_hand()
    {
        _world.Configure(Vm, WantedState.Started, B);
        await _world.StoreStatusAsync((Vm, new ServiceRecord { State = ServiceState.Started, Node = B, Uid = "u" }));
        await _world.TakeAsync(DocumentKeys.AgentLock(B), "b/lrm");
        var crm = _world.Crm();
        await crm.RunRoundAsync(default);
        _world.Nodes[B] = false;
        foreach (var (pass, state) in new[] { (60, ServiceState.Fence), (60, ServiceState.Fence), (1, ServiceState.Started) })
        {
            _world.Pass(pass);
            await crm.RunRoundAsync(default);
            Assert.Equal(state, (await _world.StoredStatusAsync()).Services[Vm].State);
        }

        Assert.Equal(A, (await _world.StoredStatusAsync()).Services[Vm].Node);
        Assert.Equal(["FENCE: Try to fence node 'b'", "SUCCEED: fencing: acknowledged - got agent lock for node 'b'"], _world.Notified);
    }

    [Fact]
    public async Task A_master_that_waits_for_a_lost_nodes_lock_looks_again_the_moment_it_can_be_free()
    {
        _world.Configure(Vm, WantedState.Started, B);
        await _world.StoreStatusAsync((Vm, new ServiceRecord { State = ServiceState.Started, Node = B, Uid = "u" }));
        await _world.TakeAsync(DocumentKeys.AgentLock(B), "b/lrm");
        var crm = _world.Crm();
        await crm.RunRoundAsync(default);
        _world.Nodes[B] = false;
        _world.Pass(116);
        var outcome = await crm.RunRoundAsync(default);
        Assert.InRange(outcome.NextWithin.TotalSeconds, 4, 4.1);
    }

    [Fact]
    public async Task A_healthy_service_is_looked_after_once_per_check_interval_however_often_rounds_are_woken()
    {
        _world.Configure(Vm, WantedState.Started, B);
        var crm = _world.Crm();
        await crm.RunRoundAsync(default);
        var uid = (await _world.StoredStatusAsync()).Services[Vm].Uid!;
        var result = new LrmStatus { Results = LrmStatus.NoResults.Add(uid, new JobResult(Vm, "started", 0)) };
        await _world.Store.CommitAsync(KvBatch.Empty.Put(DocumentKeys.LrmStatus(B), LrmStatusDocument.Write(result)), default);
        _world.Pass(1);
        await crm.RunRoundAsync(default);
        Assert.Equal(uid, (await _world.StoredStatusAsync()).Services[Vm].Uid);
        Assert.True((await _world.StoredStatusAsync()).Services[Vm].Running);
        _world.Pass(9);
        await crm.RunRoundAsync(default);
        Assert.NotEqual(uid, (await _world.StoredStatusAsync()).Services[Vm].Uid);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(25, 1)]
    public async Task A_status_that_says_nothing_new_is_written_as_a_heartbeat_only(int heartbeat, int writes)
    {
        _world.Profile = _world.Profile with { StatusHeartbeat = TimeSpan.FromSeconds(heartbeat) };
        _world.Configure(Vm, WantedState.Started, B);
        var crm = _world.Crm();
        await crm.RunRoundAsync(default);
        var stamps = new HashSet<long?> { (await _world.StoredStatusAsync()).Timestamp };
        for (var round = 0; round < 2; round++)
        {
            _world.Pass(10);
            await crm.RunRoundAsync(default);
            stamps.Add((await _world.StoredStatusAsync()).Timestamp);
        }

        Assert.Equal(writes, stamps.Count);
        _world.Nodes[C] = false;
        _world.Pass(1);
        await crm.RunRoundAsync(default);
        Assert.Equal(NodeState.Unknown, (await _world.StoredStatusAsync()).StateOf(C));
    }

    [Fact]
    public async Task A_master_asked_to_leave_hands_its_lock_over()
    {
        _world.Configure(Vm, WantedState.Started, B);
        var crm = _world.Crm();
        await crm.RunRoundAsync(default);
        crm.RequestShutdown();
        crm.RequestShutdown();
        Assert.True((await crm.RunRoundAsync(default)).Exit);
        Assert.False(_world.Watchdog.IsOpen);
        Assert.IsType<LockAttempt.Granted>(await _world.TakeAsync(DocumentKeys.ManagerLock));
        Assert.Single(_world.Texts, "server received shutdown request");
    }

    [Fact]
    public async Task A_slave_sleeps_until_the_lock_can_be_free_but_no_longer_than_a_waiting_round()
    {
        _world.Configure(Vm, WantedState.Started, B);
        await _world.TakeAsync(DocumentKeys.ManagerLock);
        var outcome = await _world.Crm().RunRoundAsync(default);
        Assert.Equal(_world.Profile.WaitingRound, outcome.NextWithin);
    }

    [Fact]
    public async Task Rules_are_worked_out_anew_only_when_something_changed()
    {
        _world.Configure(Vm, WantedState.Started, B);
        await _world.Store.CommitAsync(KvBatch.Empty.Put(DocumentKeys.Rules, "resource-affinity: lonely\n\tresources vm:101\n\taffinity positive\n"u8.ToArray()), default);
        var crm = _world.Crm();
        for (var round = 0; round < 3; round++)
        {
            await crm.RunRoundAsync(default);
            _world.Pass(10);
        }

        Assert.Single(_world.Texts, "Drop rule 'lonely', because rule is ineffective as there are less than two resources.");
    }

    [Fact]
    public async Task A_strict_rule_moves_a_service_to_its_node()
    {
        _world.Configure(Vm, WantedState.Started, B);
        await _world.Store.CommitAsync(KvBatch.Empty.Put(DocumentKeys.Rules, "node-affinity: home\n\tresources vm:101\n\tnodes c\n\tstrict 1\n"u8.ToArray()), default);
        await _world.Crm().RunRoundAsync(default);
        var record = (await _world.StoredStatusAsync()).Services[Vm];
        Assert.Equal((ServiceState.Migrate, C), (record.State, record.Target!));
    }
}
