using Ha.Backends.Embedded;
using Ha.Core.Model;
using Ha.Core.Stores;
using Ha.Hosting.Membership;
using Ha.Testing;

namespace Ha.Node.Tests.Membership;

public sealed class StoreMembershipTests
{
    private static readonly NodeName A = NodeName.Parse("a");
    private static readonly NodeName B = NodeName.Parse("b");
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(3);
    private static readonly MemberDocument Here = new("machine-1", "host-1", "/run/ha");
    private static readonly MemberDocument There = new("machine-2", "host-2", "/run/ha");

    private readonly ManualTimeProvider _time = new();
    private readonly ManualStoreClock _clock = new();
    private readonly CapturingLogger _log = new();
    private readonly InMemoryStore _store;

    public StoreMembershipTests() => _store = new InMemoryCluster().Connect(_clock, Guid.NewGuid());

    [Fact]
    public async Task A_node_is_online_while_one_of_its_daemons_is_announced()
    {
        await ClaimAsync(A, Here, false);
        await ClaimAsync(B, There, false);
        var (crm, lrm) = (await AnnounceAsync(B, "crm"), await AnnounceAsync(B, "lrm"));
        Assert.True((await ReadAsync()).Nodes[B]);
        await crm.DisposeAsync();
        Assert.True((await ReadAsync()).Nodes[B]);
        await lrm.DisposeAsync();
        Assert.False((await ReadAsync()).Nodes[B]);
    }

    [Fact]
    public async Task The_own_node_is_online_with_a_live_presence_only()
    {
        var before = await ReadAsync();
        Assert.True(before.Quorate);
        Assert.False(before.Nodes[A]);
        await AnnounceAsync(A, "lrm");
        Assert.True((await ReadAsync()).Nodes[A]);
        _clock.Advance(Ttl * 2);
        Assert.False((await ReadAsync()).Nodes[A]);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_not_quorate()
    {
        var faults = new StoreFaults();
        var membership = new StoreMembership(new FaultyStore(_store, faults, _time), A, _time, TimeSpan.FromSeconds(5));
        faults.Unreachable = true;
        Assert.False((await membership.ReadAsync(CancellationToken.None)).Quorate);
    }

    [Fact]
    public async Task A_name_belongs_to_one_machine()
    {
        Assert.Null(await ClaimAsync(A, Here, false));
        Assert.Null(await ClaimAsync(A, Here, false));
        var refused = await ClaimAsync(A, There, false);
        Assert.Equal(
            "node name twice: 'a' is registered for host 'host-1' (machine machine-1), this is 'host-2' (machine machine-2): give this machine its own Node; if the other one is gone for good, start once with --replace-machine",
            refused);
    }

    [Fact]
    public async Task A_name_is_taken_over_only_on_demand_and_from_a_machine_that_is_offline()
    {
        await ClaimAsync(A, Here, false);
        var presence = await AnnounceAsync(A, "crm");
        var refused = await ClaimAsync(A, There, true);
        Assert.EndsWith("the other one is online", refused, StringComparison.Ordinal);
        await presence.DisposeAsync();
        Assert.Null(await ClaimAsync(A, There, true));
        Assert.Null(await ClaimAsync(A, There, false));
    }

    [Fact]
    public async Task Another_run_directory_is_another_place_since_its_locks_prove_nothing_here()
    {
        await ClaimAsync(A, Here, false);
        var refused = await ClaimAsync(A, Here with { RunDirectory = "/tmp/ha" }, false);
        Assert.StartsWith("node name twice: 'a' is registered on this machine with RunDirectory '/run/ha', not '/tmp/ha'", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_passes_to_another_machine_only_when_its_locks_have_run_out()
    {
        await ClaimAsync(A, Here, false);
        await _store.TryAcquireAsync(DocumentKeys.AgentLock(A), new LockOptions("a/lrm", TimeSpan.FromSeconds(9)), CancellationToken.None);
        var claiming = ClaimAsync(A, There, true);
        Assert.False(claiming.IsCompleted);
        Advance(TimeSpan.FromSeconds(11));
        Assert.Null(await claiming);
    }

    [Fact]
    public async Task A_name_whose_lock_is_still_renewed_is_refused()
    {
        await ClaimAsync(A, Here, false);
        var granted = Assert.IsType<LockAttempt.Granted>(
            await _store.TryAcquireAsync(DocumentKeys.AgentLock(A), new LockOptions("a/lrm", TimeSpan.FromSeconds(9)), CancellationToken.None));
        var claiming = ClaimAsync(A, There, true);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20)); // Ends a test that has failed.
        while (!claiming.IsCompleted && !limit.IsCancellationRequested)
        {
            Advance(TimeSpan.FromSeconds(0.5));
            await granted.Handle.RenewAsync(CancellationToken.None);
            await Task.Yield();
        }

        Assert.Equal("node name twice: 'a/lrm' still renews lock 'ha_agent_a_lock': stop it where it runs, or give this machine its own Node", await claiming);
    }

    [Fact]
    public async Task A_killed_predecessors_presence_is_waited_for()
    {
        await AnnounceAsync(A, "lrm");
        var waiting = Claim.AwaitPredecessorAsync(A, "lrm", Ttl * 2, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        _clock.Advance(Ttl * 1.1);
        _time.Advance(Ttl * 1.1);
        Assert.Null(await waiting);
    }

    [Fact]
    public async Task A_living_twin_is_named()
    {
        await _store.AnnounceAsync(PresenceKeys.Of(A, "lrm"), new PresenceClaim(PresenceKeys.Of(A, "lrm"), "host-9", 99, Guid.NewGuid()).Write(), TimeSpan.FromHours(1), CancellationToken.None);
        var waiting = Claim.AwaitPredecessorAsync(A, "lrm", Ttl * 2, CancellationToken.None);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20)); // Ends a test that has failed.
        while (!waiting.IsCompleted && !limit.IsCancellationRequested)
        {
            _time.Advance(Ttl / 10);
            await Task.Yield();
        }

        Assert.Equal("node name twice: 'a/lrm' is running as process 99 on host 'host-9': stop it, or give this machine its own Node", await waiting);
    }

    [Fact]
    public async Task A_presence_is_kept_while_its_daemon_makes_progress()
    {
        await using var keeper = Keeper();
        await keeper.StepAsync(CancellationToken.None);
        for (var i = 0; i < 10; i++)
        {
            Advance(Ttl / 3);
            keeper.Progress();
            await keeper.StepAsync(CancellationToken.None);
        }

        Assert.True((await ReadAsync()).Nodes[A]);
    }

    [Fact]
    public async Task A_daemon_that_hangs_is_no_longer_announced_and_comes_back_with_its_next_round()
    {
        await using var keeper = Keeper();
        await keeper.StepAsync(CancellationToken.None);
        for (var i = 0; i < 10; i++)
        {
            Advance(Ttl / 3);
            await keeper.StepAsync(CancellationToken.None);
        }

        Assert.False((await ReadAsync()).Nodes[A]);
        keeper.Progress();
        await keeper.StepAsync(CancellationToken.None);
        Assert.True((await ReadAsync()).Nodes[A]);
        Assert.Equal(
            ["presence 'nodes/a/presence/lrm' is not announced: no round has ended for more than 5 s", "presence 'nodes/a/presence/lrm' is announced again"],
            _log.Lines.Select(l => l.Text));
    }

    [Fact]
    public async Task A_presence_that_was_lost_is_announced_again()
    {
        await using var keeper = Keeper();
        await keeper.StepAsync(CancellationToken.None);
        Advance(Ttl * 2);
        keeper.Progress();
        await keeper.StepAsync(CancellationToken.None);
        await keeper.StepAsync(CancellationToken.None);
        Assert.True((await ReadAsync()).Nodes[A]);
    }

    private Task<string?> ClaimAsync(NodeName node, MemberDocument own, bool replace) =>
        Claim.RegisterAsync(node, own, replace, TimeSpan.FromSeconds(25), CancellationToken.None);

    private NodeClaim Claim => new(_store, _time, _log);

    private PresenceKeeper Keeper() => new(_store, PresenceClaim.Own(A, "lrm", Guid.NewGuid()), _time, Ttl, TimeSpan.FromSeconds(5), _log);

    private Task<IPresence> AnnounceAsync(NodeName node, string daemon) =>
        _store.AnnounceAsync(PresenceKeys.Of(node, daemon), PresenceClaim.Own(node, daemon, Guid.NewGuid()).Write(), Ttl, CancellationToken.None);

    private Task<ClusterView> ReadAsync() => new StoreMembership(_store, A, _time, TimeSpan.FromSeconds(5)).ReadAsync(CancellationToken.None);

    private void Advance(TimeSpan span)
    {
        _clock.Advance(span);
        _time.Advance(span);
    }
}
