using Ha.Core.Stores;
using Ha.Testing;

namespace Ha.Backends.Embedded.Tests;

public sealed class InMemoryLockTests
{
    private static readonly StoreKey Name = StoreKey.Of("ha_manager_lock");
    private static readonly LockOptions Node1 = new("node1", TimeSpan.FromSeconds(120), RateMargin: 0);
    private static readonly LockOptions Node2 = Node1 with { Holder = "node2" };

    private readonly ManualStoreClock _clock = new();
    private readonly InMemoryCluster _cluster = new();

    [Fact]
    public async Task A_lock_exactly_as_old_as_the_wait_is_still_its_holders()
    {
        await GrantAsync(Connect(1), Node1);
        _clock.Advance(TimeSpan.FromSeconds(120));
        Assert.IsType<LockAttempt.Held>(await Connect(2).TryAcquireAsync(Name, Node2, default));
        _clock.Advance(TimeSpan.FromTicks(1));
        var granted = await GrantAsync(Connect(2), Node2);
        Assert.Equal(2ul, granted.Handle.Token.Generation);
        Assert.Equal("node1", granted.Previous.Holder);
    }

    [Fact]
    public async Task The_lock_time_of_a_profile_times_its_margin_is_exactly_the_lease()
    {
        var options = new LockOptions("node1", Core.Config.TimingProfile.Proxmox.LockTtl, Core.Config.TimingProfile.Proxmox.RateMargin);
        await GrantAsync(Connect(1), options);
        _clock.Advance(TimeSpan.FromSeconds(120));
        Assert.IsType<LockAttempt.Held>(await Connect(2).TryAcquireAsync(Name, options with { Holder = "node2" }, default));
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.IsType<LockAttempt.Granted>(await Connect(2).TryAcquireAsync(Name, options with { Holder = "node2" }, default));
    }

    [Fact]
    public async Task A_restarted_node_adopts_its_unexpired_lock_under_a_new_generation()
    {
        var first = await GrantAsync(Connect(1), Node1);
        _clock.Advance(TimeSpan.FromSeconds(60));
        var adopted = await GrantAsync(Connect(2), Node1 with { AdoptOwn = true });
        Assert.True(adopted.Adopted);
        Assert.Equal(2ul, adopted.Handle.Token.Generation);
        Assert.Equal(LockLoss.Superseded, Assert.IsType<RenewAnswer.Lost>(await first.Handle.RenewAsync(default)).Why);
    }

    [Fact]
    public async Task An_expired_lock_of_the_same_node_is_a_new_grant()
    {
        await GrantAsync(Connect(1), Node1);
        _clock.Advance(TimeSpan.FromSeconds(121));
        Assert.False((await GrantAsync(Connect(2), Node1 with { AdoptOwn = true })).Adopted);
    }

    [Fact]
    public async Task Without_proof_a_process_waits_for_its_own_node_like_a_stranger()
    {
        await GrantAsync(Connect(1), Node1);
        var held = Assert.IsType<LockAttempt.Held>(await Connect(2).TryAcquireAsync(Name, Node1, default));
        Assert.Equal(TimeSpan.FromSeconds(120), held.EarliestRetry);
    }

    [Fact]
    public async Task A_renewal_within_the_wait_refreshes_and_after_it_is_refused()
    {
        var handle = (await GrantAsync(Connect(1), Node1)).Handle;
        _clock.Advance(TimeSpan.FromSeconds(120));
        Assert.False(handle.IsHeld);
        Assert.IsType<RenewAnswer.Renewed>(await handle.RenewAsync(default));
        Assert.True(handle.IsHeld);
        _clock.Advance(TimeSpan.FromSeconds(121));
        Assert.Equal(LockLoss.Expired, Assert.IsType<RenewAnswer.Lost>(await handle.RenewAsync(default)).Why);
        Assert.Equal("node1", Assert.Single(_cluster.Locks).Holder);
    }

    [Fact]
    public async Task Asking_again_for_ones_own_lock_continues_it()
    {
        var store = Connect(1);
        var first = await GrantAsync(store, Node1);
        _clock.Advance(TimeSpan.FromSeconds(100));
        var again = await GrantAsync(store, Node1);
        Assert.True(again.Adopted);
        Assert.Equal(first.Handle.Token, again.Handle.Token);
    }

    [Fact]
    public async Task Release_frees_only_ones_own_lock_and_generations_go_on()
    {
        var first = (await GrantAsync(Connect(1), Node1)).Handle;
        Assert.True(await first.ReleaseAsync(default));
        Assert.False(await first.ReleaseAsync(default));
        Assert.Empty(_cluster.Locks);
        var second = await GrantAsync(Connect(2), Node2);
        Assert.Equal(2ul, second.Handle.Token.Generation);
        Assert.False(await first.ReleaseAsync(default));
        Assert.True(second.Handle.IsHeld);
        _clock.Advance(TimeSpan.FromSeconds(121));
        Assert.False(await second.Handle.ReleaseAsync(default));
    }

    [Fact]
    public async Task Locks_can_be_out_of_reach_while_documents_answer()
    {
        var store = Connect(1);
        var handle = (await GrantAsync(store, Node1)).Handle;
        store.LocksReachable = () => false;
        var key = StoreKey.Of("ha/manager_status");
        Assert.Null(await store.GetAsync(key, ReadLevel.Linearizable, default));
        Assert.IsType<KvOutcome.Committed>(await store.CommitAsync(KvBatch.Empty.Put(key, "{}"u8.ToArray()), default));
        await UnavailableAsync(() => store.TryAcquireAsync(Name, Node1, default));
        await UnavailableAsync(() => store.InspectAsync(Name, default));
        await UnavailableAsync(() => handle.RenewAsync(default));
        await UnavailableAsync(() => handle.ReleaseAsync(default));
        await UnavailableAsync(() => store.CommitAsync(KvBatch.Empty.Renewing(handle).Put(key, "{}"u8.ToArray()), default));
    }

    [Fact]
    public async Task Refused_documents_answer_with_the_hosts_own_words()
    {
        var store = Connect(1);
        store.DocumentsReachable = () => false;
        store.DocumentsRefusal = "cfs connection refused - not mounted?";
        var refusal = await UnavailableAsync(() => store.GetAsync(StoreKey.Of("ha/resources.cfg"), ReadLevel.Linearizable, default));
        Assert.Equal("cfs connection refused - not mounted?", refusal.Message);
        await GrantAsync(store, Node1);
    }

    [Fact]
    public async Task A_commit_of_a_former_holder_is_refused_and_a_renewing_one_counts()
    {
        var store = Connect(1);
        var key = StoreKey.Of("ha/manager_status");
        var first = (await GrantAsync(store, Node1)).Handle;
        _clock.Advance(TimeSpan.FromSeconds(100));
        var committed = Assert.IsType<KvOutcome.Committed>(await store.CommitAsync(KvBatch.Empty.Renewing(first).Put(key, "a"u8.ToArray()), default));
        Assert.Equal(GuardStrength.Enforced, committed.Guard);
        _clock.Advance(TimeSpan.FromSeconds(100));
        Assert.True(first.IsHeld);
        _clock.Advance(TimeSpan.FromSeconds(21));
        await GrantAsync(Connect(2), Node2);
        var lost = Assert.IsType<KvOutcome.LockLost>(await store.CommitAsync(KvBatch.Empty.GuardedBy(first.Token).Put(key, "b"u8.ToArray()), default));
        Assert.Equal(LockLoss.Superseded, lost.Why);
        Assert.Equal("a"u8.ToArray(), (await store.GetAsync(key, ReadLevel.Linearizable, default))!.Value.ToArray());
    }

    [Fact]
    public async Task One_document_may_fail_alone_and_a_release_without_the_rest_of_the_lock()
    {
        var (store, broken, whole) = (Connect(1), StoreKey.Of("ha/broken"), StoreKey.Of("ha/whole"));
        store.DocumentFault = key => key == broken ? "a bad block" : null;
        store.ReleasesReachable = () => false;
        Assert.Equal("a bad block", (await UnavailableAsync(() => store.GetAsync(broken, ReadLevel.Linearizable, default))).Message);
        Assert.Equal("a bad block", (await UnavailableAsync(() => store.CommitAsync(KvBatch.Empty.Put(whole, default).Put(broken, default), default))).Message);
        Assert.Null(await store.GetAsync(whole, ReadLevel.Linearizable, default));

        var handle = (await GrantAsync(store, Node1)).Handle;
        await UnavailableAsync(() => handle.ReleaseAsync(default));
        Assert.IsType<RenewAnswer.Renewed>(await handle.RenewAsync(default));
    }

    private static async Task<LockAttempt.Granted> GrantAsync(InMemoryStore store, LockOptions options) =>
        Assert.IsType<LockAttempt.Granted>(await store.TryAcquireAsync(Name, options, default));

    private static async Task<StoreException> UnavailableAsync(Func<Task> call)
    {
        var refusal = await Assert.ThrowsAsync<StoreException>(call);
        Assert.Equal((StoreError.Unavailable, Applied.No), (refusal.Error, refusal.Applied));
        return refusal;
    }

    private InMemoryStore Connect(byte id) => _cluster.Connect(_clock, new Guid(id, 0, 0, new byte[8]));
}
