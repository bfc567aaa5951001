using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;
using static Ha.Core.Tests.Daemons.World;

namespace Ha.Core.Tests.Daemons;

public sealed class LrmDaemonTests
{
    private static readonly ServiceRecord Wanted = new() { State = ServiceState.Started, Node = A, Uid = "u1" };
    private readonly World _world = new();

    public LrmDaemonTests() => _world.Configure(Vm, WantedState.Started, A);

    [Fact]
    public async Task A_service_starts_only_with_the_lock_and_an_armed_watchdog()
    {
        await _world.StoreStatusAsync((Vm, Wanted));
        _world.Pass(3);
        var lrm = _world.Lrm();
        await lrm.RunRoundAsync(default);
        Assert.Equal(LrmState.Active, lrm.State);
        Assert.Contains(Vm, _world.Agent.Running);
        Assert.Equal([new Instant(TimeSpan.FromSeconds(63))], _world.Watchdog.Deadlines);
        Assert.Equal(0, (await _world.LrmStatusAsync()).Results["u1"].ExitCode);
    }

    [Fact]
    public async Task An_idle_node_holds_no_lock_and_no_watchdog()
    {
        await _world.StoreStatusAsync();
        var lrm = _world.Lrm();
        await lrm.RunRoundAsync(default);
        Assert.Equal(LrmState.WaitForAgentLock, lrm.State);
        Assert.False(_world.Watchdog.IsOpen);
        Assert.Empty(_world.Cluster.Locks);
    }

    [Fact]
    public async Task Without_the_renewal_the_watchdog_is_not_fed()
    {
        await _world.StoreStatusAsync((Vm, Wanted));
        var lrm = _world.Lrm();
        await lrm.RunRoundAsync(default);
        _world.Store.LocksReachable = () => false;
        _world.Pass(10);
        await lrm.RunRoundAsync(default);
        Assert.Equal(LrmState.LostAgentLock, lrm.State);
        Assert.Single(_world.Watchdog.Deadlines);
        Assert.True(_world.Watchdog.IsOpen);
        _world.Store.LocksReachable = () => true;
        _world.Pass(10);
        await lrm.RunRoundAsync(default);
        Assert.Equal(LrmState.Active, lrm.State);
        Assert.Equal(2, _world.Watchdog.Deadlines.Count);
    }

    [Fact]
    public async Task A_node_that_is_to_be_fenced_neither_renews_nor_feeds_nor_closes()
    {
        await _world.StoreStatusAsync((Vm, Wanted));
        var lrm = _world.Lrm();
        await lrm.RunRoundAsync(default);
        await _world.StoreStatusAsync((Vm, Wanted with { State = ServiceState.Fence }));
        _world.Pass(10);
        await lrm.RunRoundAsync(default);
        Assert.Equal(LrmState.LostAgentLock, lrm.State);
        Assert.Single(_world.Watchdog.Deadlines);
        Assert.True(_world.Watchdog.IsOpen);
        Assert.Equal(TimeSpan.Zero, Assert.Single(_world.Cluster.Locks).RenewedAt.SinceOrigin);
    }

    [Fact]
    public async Task Without_a_watchdog_nothing_starts_and_a_fresh_lock_is_given_back()
    {
        await _world.StoreStatusAsync((Vm, Wanted));
        _world.Watchdog.Refuses = true;
        var lrm = _world.Lrm();
        await lrm.RunRoundAsync(default);
        await lrm.RunRoundAsync(default);
        Assert.Empty(_world.Agent.Running);
        Assert.Empty(_world.Cluster.Locks);
        Assert.Single(_world.Texts, t => t.StartsWith("not running services, the node is not protected by a watchdog", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_lock_of_an_earlier_life_is_left_to_run_out_when_the_watchdog_cannot_be_opened()
    {
        await _world.StoreStatusAsync((Vm, Wanted));
        await _world.TakeAsync(DocumentKeys.AgentLock(A), "a/lrm");
        _world.Watchdog.Refuses = true;
        _world.Pass(10);
        var lrm = _world.Lrm(predecessorGone: true);
        await lrm.RunRoundAsync(default);
        _world.Pass(10);
        await lrm.RunRoundAsync(default);
        Assert.Equal(TimeSpan.FromSeconds(10), Assert.Single(_world.Cluster.Locks).RenewedAt.SinceOrigin);
        Assert.Empty(_world.Agent.Running);
    }

    [Fact]
    public async Task A_lock_of_an_earlier_life_is_continued_silently()
    {
        await _world.StoreStatusAsync((Vm, Wanted));
        await _world.TakeAsync(DocumentKeys.AgentLock(A), "a/lrm");
        var lrm = _world.Lrm(predecessorGone: true);
        await lrm.RunRoundAsync(default);
        Assert.Equal(LrmState.Active, lrm.State);
        Assert.DoesNotContain(_world.Texts, t => t.StartsWith("got lock", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_proof_that_the_earlier_life_is_over_its_lock_is_waited_for_like_a_strangers()
    {
        await _world.StoreStatusAsync((Vm, Wanted));
        await _world.TakeAsync(DocumentKeys.AgentLock(A), "a/lrm");
        var lrm = _world.Lrm();
        await lrm.RunRoundAsync(default);
        Assert.Equal(LrmState.WaitForAgentLock, lrm.State);
        Assert.Empty(_world.Agent.Running);
    }

    [Fact]
    public async Task Work_beside_the_rounds_holds_up_neither_rounds_nor_renewals()
    {
        await _world.StoreStatusAsync((Vm, Wanted));
        _world.Agent.Hold = new TaskCompletionSource();
        var lrm = _world.Lrm(workers: 4);
        var ended = new TaskCompletionSource();
        lrm.OnJobEnded = ended.SetResult;
        await lrm.RunRoundAsync(default);
        _world.Pass(10);
        await lrm.RunRoundAsync(default);
        Assert.Equal(1, _world.Agent.Starting);
        Assert.Equal(2, _world.Watchdog.Deadlines.Count);
        Assert.Empty((await _world.LrmStatusAsync()).Results);
        _world.Agent.Hold.SetResult();
        await ended.Task;
        await lrm.RunRoundAsync(default);
        Assert.Equal(0, (await _world.LrmStatusAsync()).Results["u1"].ExitCode);
    }

    [Fact]
    public async Task No_more_jobs_run_at_once_than_there_are_workers()
    {
        var records = Enumerable.Range(101, 5).Select(i => (ResourceId.Parse($"vm:{i}"), Wanted with { Uid = $"u{i}" })).ToArray();
        foreach (var (id, _) in records)
            _world.Configure(id, WantedState.Started, A);
        await _world.StoreStatusAsync(records);
        _world.Agent.Hold = new TaskCompletionSource();
        var lrm = _world.Lrm(workers: 2);
        await lrm.RunRoundAsync(default);
        await lrm.RunRoundAsync(default);
        Assert.Equal(2, _world.Agent.Starting);
        _world.Agent.Hold.SetResult();
    }

    [Theory]
    [InlineData(null, 4)]
    [InlineData(1, 1)]
    [InlineData(6, 5)]
    public async Task Without_a_number_of_its_own_a_node_has_as_many_workers_as_the_cluster_says(int? workers, int started)
    {
        var records = Enumerable.Range(101, 5).Select(i => (ResourceId.Parse($"vm:{i}"), Wanted with { Uid = $"u{i}" })).ToArray();
        foreach (var (id, _) in records)
            _world.Configure(id, WantedState.Started, A);
        await _world.StoreStatusAsync(records);
        _world.Settings = DatacenterSettings.Default with { MaxWorkers = workers };
        _world.Agent.Hold = new TaskCompletionSource();
        await _world.Lrm(workers: null).RunRoundAsync(default);
        Assert.Equal(started, _world.Agent.Starting);
        _world.Agent.Hold.SetResult();
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(25, 2)]
    public async Task A_status_that_says_nothing_new_is_written_as_a_heartbeat_only(int heartbeat, int writes)
    {
        _world.Profile = _world.Profile with { StatusHeartbeat = TimeSpan.FromSeconds(heartbeat) };
        await _world.StoreStatusAsync((Vm, Wanted));
        var lrm = _world.Lrm();
        var stamps = new HashSet<long?>();
        for (var round = 0; round < 4; round++)
        {
            await lrm.RunRoundAsync(default);
            if (round > 0)
                stamps.Add((await _world.LrmStatusAsync()).Timestamp);
            _world.Pass(10);
        }

        Assert.Equal(writes, stamps.Count);
    }

    [Fact]
    public async Task An_agent_that_crashes_is_a_result_and_not_the_end_of_the_daemon()
    {
        await _world.StoreStatusAsync((Vm, Wanted));
        _world.Agent.Crashes = true;
        var lrm = _world.Lrm();
        await lrm.RunRoundAsync(default);
        Assert.Equal(-1, (await _world.LrmStatusAsync()).Results["u1"].ExitCode);
        Assert.Contains("no such program", _world.Texts);
    }

    [Fact]
    public async Task An_unreadable_manager_status_leaves_everything_as_it_was_last_read()
    {
        await _world.StoreStatusAsync((Vm, Wanted));
        var lrm = _world.Lrm();
        await lrm.RunRoundAsync(default);
        await _world.Store.CommitAsync(KvBatch.Empty.Put(DocumentKeys.ManagerStatus, "?"u8.ToArray()), default);
        _world.Pass(10);
        await lrm.RunRoundAsync(default);
        Assert.Equal(LrmState.Active, lrm.State);
        Assert.Equal(2, _world.Watchdog.Deadlines.Count);
        Assert.Contains(_world.Texts, t => t.StartsWith("updating service status from manager failed: manager status is not JSON", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_shutdown_waits_for_work_in_flight_and_then_stops_the_service()
    {
        await _world.StoreStatusAsync((Vm, Wanted));
        _world.Agent.Hold = new TaskCompletionSource();
        var lrm = _world.Lrm(workers: 4);
        var ended = new TaskCompletionSource();
        lrm.OnJobEnded = () => ended.TrySetResult();
        await lrm.RunRoundAsync(default);
        _world.Host = new HostShutdown(true, false);
        await lrm.RequestShutdownAsync(default);
        Assert.False((await lrm.RunRoundAsync(default)).Exit);
        _world.Agent.Hold.SetResult();
        await ended.Task;
        RoundOutcome outcome;
        do
        {
            outcome = await lrm.RunRoundAsync(default);
        }
        while (!outcome.Exit);
        Assert.Empty(_world.Agent.Running);
        Assert.False(_world.Watchdog.IsOpen);
        Assert.Empty(_world.Cluster.Locks);
    }
}
