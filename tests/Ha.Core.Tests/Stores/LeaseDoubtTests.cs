using Ha.Core.Stores;

namespace Ha.Core.Tests.Stores;

public sealed class LeaseDoubtTests
{
    private readonly LeaseWorld _world = new();

    [Fact]
    public async Task An_acquisition_whose_answer_was_lost_is_found_by_reading_back()
    {
        var process = _world.Start("a");
        process.Faults.LoseNextReply();
        var handle = await process.TakeAsync();
        Assert.True(handle.IsHeld);
        Assert.IsType<RenewAnswer.Renewed>(await handle.RenewAsync(default));
    }

    [Fact]
    public async Task A_renewal_whose_answer_was_lost_counts_from_when_it_was_sent()
    {
        var process = _world.Start("a");
        var handle = await process.TakeAsync();
        _world.Advance(3);
        process.Faults.LoseNextReply();
        var answer = Assert.IsType<RenewAnswer.Renewed>(await handle.RenewAsync(default));
        Assert.Equal(process.Clock.HolderNow + TimeSpan.FromSeconds(10), answer.ValidUntil);
    }

    [Fact]
    public async Task A_release_whose_answer_was_lost_is_found_by_reading_back()
    {
        var process = _world.Start("a");
        var handle = await process.TakeAsync();
        process.Faults.LoseNextReply();
        Assert.True(await handle.ReleaseAsync(default));
    }

    [Fact]
    public async Task A_cancelled_acquisition_that_arrives_later_is_continued_by_the_next_attempt()
    {
        var process = _world.Start("a");
        using var patience = new CancellationTokenSource();
        var request = process.Faults.HoldNextRequest();
        var asking = process.Store.TryAcquireAsync(LeaseWorld.Name, new LockOptions("a", TimeSpan.FromSeconds(10)), patience.Token);
        await request.Arrived;
        await patience.CancelAsync();
        Assert.Equal(Applied.Maybe, (await Assert.ThrowsAsync<StoreException>(() => asking)).Applied);
        await using var items = _world.Raw.WatchAsync(LockKeys.Root, WatchOptions.Default, default).GetAsyncEnumerator();
        await items.MoveNextAsync();
        request.Release();
        while (items.Current is not WatchItem.Changed)
            await items.MoveNextAsync();
        Assert.Equal(2ul, (await process.TakeAsync()).Token.Generation);
    }

    [Fact]
    public async Task A_handle_being_released_is_not_held_from_before_the_request()
    {
        var process = _world.Start("a");
        var handle = await process.TakeAsync();
        process.Faults.Unreachable = true;
        await Assert.ThrowsAsync<StoreException>(() => handle.ReleaseAsync(default));
        Assert.False(handle.IsHeld);
        Assert.Equal(LockLoss.Released, handle.Loss);
        process.Faults.Unreachable = false;
        Assert.True(await handle.ReleaseAsync(default));
        Assert.Equal(2ul, (await _world.Start("b").TakeAsync()).Token.Generation);
    }

    [Fact]
    public async Task A_renewal_without_an_answer_moves_nothing_and_a_later_one_finds_the_lock_ours()
    {
        var process = _world.Start("a");
        var handle = await process.TakeAsync();
        var until = handle.ValidUntil;
        _world.Advance(2);
        process.Faults.Unreachable = true;
        await Assert.ThrowsAsync<StoreException>(() => handle.RenewAsync(default));
        Assert.Equal(until, handle.ValidUntil);
        process.Faults.Unreachable = false;
        Assert.IsType<RenewAnswer.Renewed>(await handle.RenewAsync(default));
    }

    [Fact]
    public async Task A_delayed_write_of_a_former_holder_never_applies()
    {
        var (former, next) = (_world.Start("a"), _world.Start("b", observe: true));
        var handle = await former.TakeAsync();
        var request = former.Faults.HoldNextRequest();
        var committing = former.Store.CommitAsync(KvBatch.Empty.GuardedBy(handle.Token).Put(LeaseWorld.Document, "old"u8.ToArray()), default);
        await request.Arrived;
        _world.Advance(11.25);
        var successor = await next.TakeAsync();
        await next.Store.CommitAsync(KvBatch.Empty.Renewing(successor).Put(LeaseWorld.Document, "new"u8.ToArray()), default);
        request.Release();
        Assert.Equal(LockLoss.Superseded, Assert.IsType<KvOutcome.LockLost>(await committing).Why);
        Assert.Equal("new"u8.ToArray(), (await next.Store.GetAsync(LeaseWorld.Document, ReadLevel.Linearizable, default))!.Value.ToArray());
    }
}
