using Ha.Core.Stores;

namespace Ha.Core.Tests.Stores;

public sealed class LeaseClockTests
{
    private readonly LeaseWorld _world = new();

    [Fact]
    public async Task A_lease_counts_from_before_its_request_was_sent()
    {
        var holder = _world.Start("a");
        var before = holder.Clock.HolderNow;
        var reply = holder.Faults.HoldNextReply();
        var asking = holder.TakeAsync();
        await reply.Arrived;
        _world.Advance(3);
        reply.Release();
        var handle = await asking;
        Assert.Equal(before, handle.RenewedAt);
        Assert.Equal(before + TimeSpan.FromSeconds(10), handle.ValidUntil);
    }

    [Fact]
    public async Task A_slow_renewal_shortens_the_validity_and_never_lengthens_it()
    {
        var holder = _world.Start("a");
        var handle = await holder.TakeAsync();
        _world.Advance(2);
        var sent = holder.Clock.HolderNow;
        var reply = holder.Faults.HoldNextReply();
        var renewing = handle.RenewAsync(default);
        await reply.Arrived;
        _world.Advance(5);
        reply.Release();
        Assert.Equal(sent + TimeSpan.FromSeconds(10), Assert.IsType<RenewAnswer.Renewed>(await renewing).ValidUntil);
    }

    [Fact]
    public async Task A_handle_seen_lost_stays_lost_when_the_answer_comes_after_all()
    {
        var holder = _world.Start("a");
        var handle = await holder.TakeAsync();
        _world.Advance(8);
        var reply = holder.Faults.HoldNextReply();
        var renewing = handle.RenewAsync(default);
        await reply.Arrived;
        _world.Advance(2);
        Assert.False(handle.IsHeld);
        reply.Release();
        Assert.Equal(LockLoss.Expired, Assert.IsType<RenewAnswer.Lost>(await renewing).Why);
        Assert.False(handle.IsHeld);
        var again = Assert.IsType<LockAttempt.Granted>(await holder.AskAsync());
        Assert.Equal(2ul, again.Handle.Token.Generation);
        Assert.False(again.Adopted);
    }

    [Fact]
    public async Task Time_in_suspend_counts_for_the_holder_and_not_for_the_observer()
    {
        var (holder, observer) = (_world.Start("a"), _world.Start("b", observe: true));
        var handle = await holder.TakeAsync();
        holder.Clock.Suspend(TimeSpan.FromSeconds(10));
        observer.Clock.Suspend(TimeSpan.FromHours(1));
        Assert.False(handle.IsHeld);
        var refused = await observer.RefusedAsync();
        Assert.Equal(TimeSpan.Zero, refused.By.Silence);
        Assert.Equal("lost lock 'ha_agent_node1_lock': not renewed in time", Assert.Single(holder.Log.Lines).Text);
    }

    [Fact]
    public async Task A_warm_observer_takes_over_right_after_the_wait_and_a_cold_one_a_wait_later()
    {
        var (holder, warm) = (_world.Start("a"), _world.Start("b", observe: true));
        await holder.TakeAsync();
        _world.Advance(11);
        var cold = _world.Start("c");
        await cold.RefusedAsync();
        await warm.RefusedAsync();
        _world.Advance(0.25);
        Assert.True((await warm.Store.InspectAsync(LeaseWorld.Name, default)).Expired);
        Assert.Equal(2ul, (await warm.TakeAsync()).Token.Generation);
        Assert.Equal("took over lock 'ha_agent_node1_lock' from 'a' after 11.3 s of silence", Assert.Single(warm.Log.Lines).Text);
        await cold.RefusedAsync();
    }

    [Fact]
    public async Task Silence_is_waited_for_as_long_as_the_holder_was_promised()
    {
        var (holder, hasty) = (_world.Start("a"), _world.Start("b", observe: true));
        var handle = await holder.TakeAsync(ttl: 30);
        _world.Advance(29);
        Assert.True(handle.IsHeld);
        await hasty.RefusedAsync(ttl: 2);
        _world.Advance(4.25);
        await hasty.TakeAsync(ttl: 2);
    }

    [Fact]
    public async Task Two_clocks_at_the_edge_of_the_margin_never_overlap()
    {
        var (holder, observer) = (_world.Start("a"), _world.Start("b", observe: true));
        holder.Clock.Rate = 0.955;
        observer.Clock.Rate = 1.045;
        var handle = await holder.TakeAsync();
        while (await observer.AskAsync() is LockAttempt.Held)
            _world.Advance(0.25);
        Assert.False(handle.IsHeld);
    }

    [Fact]
    public async Task A_renewed_lock_is_never_taken()
    {
        var (holder, observer) = (_world.Start("a"), _world.Start("b", observe: true));
        var handle = await holder.TakeAsync();
        for (var round = 0; round < 20; round++)
        {
            _world.Advance(2.5);
            Assert.IsType<RenewAnswer.Renewed>(await handle.RenewAsync(default));
            await observer.RefusedAsync();
        }

        Assert.Empty(holder.Log.Lines);
    }
}
