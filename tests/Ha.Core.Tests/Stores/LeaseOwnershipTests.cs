using Ha.Core.Stores;

namespace Ha.Core.Tests.Stores;

public sealed class LeaseOwnershipTests
{
    private readonly LeaseWorld _world = new();

    [Fact]
    public async Task With_proof_a_restarted_process_adopts_at_once_under_a_new_generation()
    {
        var former = await _world.Start("a").TakeAsync();
        var restarted = _world.Start("a");
        var adopted = Assert.IsType<LockAttempt.Granted>(await restarted.AskAsync(adopt: true));
        Assert.True(adopted.Adopted);
        Assert.Equal(2ul, adopted.Handle.Token.Generation);
        Assert.Equal("adopted lock 'ha_agent_node1_lock' of an earlier process of 'a'", Assert.Single(restarted.Log.Lines).Text);
        Assert.Equal(LockLoss.Superseded, Assert.IsType<RenewAnswer.Lost>(await former.RenewAsync(default)).Why);
    }

    [Fact]
    public async Task Without_proof_two_processes_of_one_name_wait_like_strangers()
    {
        await _world.Start("a").TakeAsync();
        Assert.Equal(TimeSpan.FromSeconds(11), (await _world.Start("a").RefusedAsync()).EarliestRetry);
    }

    [Fact]
    public async Task Proof_about_oneself_is_no_proof_about_another()
    {
        await _world.Start("a").TakeAsync();
        Assert.IsType<LockAttempt.Held>(await _world.Start("b").AskAsync(adopt: true));
    }

    [Fact]
    public async Task A_second_attempt_of_the_holder_renews_the_same_handle()
    {
        var process = _world.Start("a");
        var handle = await process.TakeAsync();
        _world.Advance(2);
        var again = Assert.IsType<LockAttempt.Granted>(await process.AskAsync());
        Assert.True(again.Adopted);
        Assert.Same(handle, again.Handle);
        Assert.Equal(process.Clock.HolderNow, handle.RenewedAt);
    }

    [Fact]
    public async Task Generations_go_on_over_release_and_take_over()
    {
        var (a, b) = (_world.Start("a"), _world.Start("b", observe: true));
        Assert.True(await (await a.TakeAsync()).ReleaseAsync(default));
        var second = await b.TakeAsync();
        Assert.Equal(2ul, second.Token.Generation);
        Assert.True(await second.ReleaseAsync(default));
        Assert.False(await second.ReleaseAsync(default));
        Assert.Equal(3ul, (await a.TakeAsync()).Token.Generation);
        _world.Advance(11.25);
        Assert.Equal(4ul, (await b.TakeAsync()).Token.Generation);
    }

    [Fact]
    public async Task A_renewing_commit_counts_as_a_renewal_and_hides_its_beat()
    {
        var process = _world.Start("a");
        var handle = await process.TakeAsync();
        _world.Advance(4);
        var outcome = await process.Store.CommitAsync(KvBatch.Empty.Renewing(handle).Put(LeaseWorld.Document, "1"u8.ToArray()), default);
        var committed = Assert.IsType<KvOutcome.Committed>(outcome);
        Assert.Equal((GuardStrength.Enforced, LeaseWorld.Document), (committed.Guard, Assert.Single(committed.Revisions).Key));
        Assert.Equal(process.Clock.HolderNow, handle.RenewedAt);
    }

    [Fact]
    public async Task A_lost_lock_is_reported_before_a_failed_condition()
    {
        var process = _world.Start("a");
        var handle = await process.TakeAsync();
        await _world.Start("a").TakeAsync(adopt: true);
        var batch = KvBatch.Empty.GuardedBy(handle.Token).RequireRevision(LeaseWorld.Document, new StoreRevision(9, 9)).Put(LeaseWorld.Document, default);
        Assert.IsType<KvOutcome.LockLost>(await process.Store.CommitAsync(batch, default));
    }

    [Fact]
    public async Task Lock_records_are_hidden_and_their_keys_refused()
    {
        var process = _world.Start("a");
        using var end = new CancellationTokenSource();
        var seen = new List<WatchItem>();
        var reading = ReadAsync();
        await process.TakeAsync();
        await process.Store.CommitAsync(KvBatch.Empty.Put(LeaseWorld.Document, default), default);
        Assert.Equal(LeaseWorld.Document, Assert.Single((await process.Store.ListAsync(StoreKey.Root, ReadLevel.Linearizable, default)).Entries).Key);
        Assert.Equal(LeaseWorld.Document, Assert.Single(seen.OfType<WatchItem.Changed>()).Key);
        var owner = LockKeys.Owner(LeaseWorld.Name);
        foreach (var call in new Func<Task>[]
        {
            () => process.Store.GetAsync(owner, ReadLevel.Linearizable, default),
            () => process.Store.ListAsync(LockKeys.Root, ReadLevel.Linearizable, default),
            () => process.Store.CommitAsync(KvBatch.Empty.Put(owner, default), default),
            () => process.Store.CommitAsync(KvBatch.Empty.RequireAbsent(owner).Put(LeaseWorld.Document, default), default),
            () => process.Store.AnnounceAsync(owner, default, TimeSpan.FromSeconds(10), default),
        })
        {
            Assert.Equal(StoreError.InvalidKey, (await Assert.ThrowsAsync<StoreException>(call)).Error);
        }

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);

        async Task ReadAsync()
        {
            await foreach (var item in process.Store.WatchAsync(StoreKey.Root, WatchOptions.Default, end.Token))
                seen.Add(item);
        }
    }

    [Fact]
    public void A_lock_named_after_a_record_is_another_lock()
    {
        Assert.True(LockKeys.TryParse(LockKeys.Owner(StoreKey.Of("a/owner")), out var name, out var isOwner));
        Assert.Equal((StoreKey.Of("a/owner"), true), (name, isOwner));
        Assert.True(LockKeys.TryParse(LockKeys.Beat(StoreKey.Of("a")), out name, out isOwner));
        Assert.Equal((StoreKey.Of("a"), false), (name, isOwner));
        Assert.False(LockKeys.TryParse(StoreKey.Of("_lock/owner"), out _, out _));
        Assert.False(LockKeys.TryParse(StoreKey.Of("_locks/a/owner"), out _, out _));
    }
}
