using Ha.Core.Stores;
using Ha.Testing;
using Xunit;

namespace Ha.Conformance;

/// <summary>Group E: time and expiry, by moving the clients' clocks.</summary>
public abstract class ExpirySuite<TFixture> : StoreSuite<TFixture>
    where TFixture : IStoreFixture, new()
{
    [Fact, Case("E39", "TakeoverWithinBound_WarmObserver")]
    public async Task Who_watched_the_holder_gets_the_lock_within_ttl_and_margin_of_its_last_renewal()
    {
        var step = Ttl / 16;
        var handle = await AcquireAsync(A, Lock);
        for (var i = 0; i < 10; i++)
        {
            await HeldAsync(B, Lock);
            Assert.IsType<RenewAnswer.Renewed>(await handle.RenewAsync(CancellationToken.None));
            await Cluster.AdvanceAsync(step);
        }

        var silence = step;
        for (; await TryAcquireAsync(B, Lock) is LockAttempt.Held; silence += step)
            await Cluster.AdvanceAsync(step);
        // One step until the observer looked at the last renewal, one until it looked at its end.
        Assert.InRange(silence, Ttl, Ttl * 1.1 + 2 * step);
        Assert.False(handle.IsHeld);
    }

    [Fact, Case("E40", "TakeoverWithinBound_ColdObserver")]
    public async Task Who_has_just_started_gets_the_lock_within_as_much_again()
    {
        await AcquireAsync(A, Lock);
        await Cluster.AdvanceAsync(Ttl * 5);
        var cold = await Cluster.NewClientAsync("cold");
        var step = Ttl / 16;
        var observed = TimeSpan.Zero;
        for (; await TryAcquireAsync(cold, Lock) is LockAttempt.Held; observed += step)
            await Cluster.AdvanceAsync(step);

        Assert.InRange(observed, TimeSpan.Zero, Ttl * 1.1 + step);
        // What only the store can know, it must decide itself; an observer has to witness it.
        Assert.True(Cluster.LocksAreServerTimed || observed >= Ttl, $"granted after {observed} of observed silence");
    }

    [Fact, Case("E41", "HolderPaused_PastTtl_IsHeldFalseAtFirstLook")]
    public async Task After_a_pause_longer_than_the_ttl_the_first_look_says_that_the_lock_is_gone()
    {
        var handle = await AcquireAsync(A, Lock);
        await Cluster.AdvanceAsync(Ttl - TimeSpan.FromTicks(1));
        Assert.True(handle.IsHeld);
        await Cluster.AdvanceAsync(TimeSpan.FromTicks(1));
        Assert.False(handle.IsHeld);
        await Cluster.AdvanceAsync(Ttl * 3);
        Assert.Equal((false, LockLoss.Expired), (handle.IsHeld, handle.Loss));
    }

    [Fact, Case("E41a", "HolderPaused_DuringRenewal")]
    public async Task A_renewal_whose_answer_comes_after_its_own_validity_does_not_revive_the_handle()
    {
        var handle = await AcquireAsync(A, Lock);
        var reply = A.Faults.HoldNextReply();
        var renewing = handle.RenewAsync(CancellationToken.None);
        await reply.Arrived.WaitAsync(Fixture.Patience);
        await Cluster.AdvanceAsync(Ttl);
        reply.Release();
        await renewing;

        Assert.False(handle.IsHeld);
    }

    [Fact, Case("E42", "ObserverPaused_DoesNotGrantEarly")]
    public async Task An_observer_that_slept_through_a_renewal_does_not_take_the_lock()
    {
        var handle = await AcquireAsync(A, Lock);
        await HeldAsync(B, Lock);
        await Cluster.AdvanceAsync(Ttl * 0.9);
        Assert.IsType<RenewAnswer.Renewed>(await handle.RenewAsync(CancellationToken.None));
        await Cluster.AdvanceAsync(Ttl * 0.9);

        Assert.True(handle.IsHeld);
        await HeldAsync(B, Lock);
    }

    [Fact, Case("E42a", "TakeoverPacketDelayed_RenewedMeanwhile_IsRefused")]
    public async Task A_take_over_that_is_overtaken_by_a_renewal_on_its_way_is_refused()
    {
        var handle = await AcquireAsync(A, Lock);
        for (var i = 0; i < 4; i++, await Cluster.AdvanceAsync(Ttl / 8))
            await HeldAsync(B, Lock);

        // A renewal sent at half of the TTL travels until after the observer has decided; a store that times its locks itself decides on arrival.
        var renewal = Cluster.LocksAreServerTimed ? null : A.Faults.HoldNextRequest();
        var renewing = handle.RenewAsync(CancellationToken.None);
        var takeOver = B.Faults.HoldNextRequest();
        var attempt = await UntilSentAsync(takeOver);
        renewal?.Release();
        await renewing;
        takeOver.Release();

        Assert.IsType<LockAttempt.Held>(await attempt.WaitAsync(Fixture.Patience));
        Assert.Equal("a", (await B.Store.InspectAsync(Lock, CancellationToken.None)).Holder);
    }

    [Fact, Case("E43", "WallClockJump_NoEffect")]
    public async Task Wall_clocks_that_jump_change_nothing()
    {
        var handle = await AcquireAsync(A, Lock);
        var until = handle.ValidUntil;
        await HeldAsync(B, Lock);
        foreach (var jump in new[] { TimeSpan.FromHours(1), TimeSpan.FromHours(-2), TimeSpan.FromHours(1) })
        {
            Cluster.JumpWallClock(jump);
            Assert.Equal((true, until), (handle.IsHeld, handle.ValidUntil));
            await HeldAsync(B, Lock);
        }

        await TakeOverAsync(B, Lock);
        Assert.False(handle.IsHeld);
    }

    [Fact, Case("E44", "ClockRates_1.1x_HoldsMargin")]
    public async Task An_observer_whose_clock_runs_ten_per_cent_faster_does_not_come_too_early()
    {
        if (!Cluster.LocksAreServerTimed)
            (A.Clock.Rate, B.Clock.Rate) = (0.95, 0.95 * 1.1);
        var handle = await AcquireAsync(A, Lock);
        for (var step = 0; step < 400; step++)
        {
            if (await TryAcquireAsync(B, Lock) is LockAttempt.Granted)
            {
                Assert.False(handle.IsHeld);
                Assert.True(step >= 100, $"granted after {step} hundredths of the TTL");
                return;
            }

            await Cluster.AdvanceAsync(Ttl / 100);
        }

        Assert.Fail("the lock was never granted");
    }

    [Fact, Case("E45", "Outage_LongerThanTtl_NoMassTakeover")]
    public async Task After_an_outage_longer_than_the_ttl_nobody_is_taken_for_dead()
    {
        var names = Enumerable.Range(0, 32).Select(i => StoreKey.Of($"ha_agent_n{i}_lock")).ToList();
        var handles = new List<ILockHandle>();
        foreach (var name in names)
            handles.Add(await AcquireAsync(A, name));
        foreach (var name in names)
            await HeldAsync(B, name);
        await OutageAsync(Ttl * 3);
        Assert.All(handles, h => Assert.False(h.IsHeld)); // Each for itself, before anybody else could be granted.
        if (Cluster.LocksAreServerTimed)
            return; // The store itself saw that nobody renewed: there is no silence to misread.

        foreach (var name in names)
            Assert.True(await TryAcquireAsync(B, name) is LockAttempt.Held, $"{name} was taken over right after the outage");
        await Cluster.AdvanceAsync(Ttl / 4);
        foreach (var name in names)
            await HeldAsync(B, name);
        foreach (var name in names)
            Assert.True((await AcquireAsync(A, name)).IsHeld);
        await Cluster.AdvanceAsync(Ttl * 0.9);
        foreach (var name in names)
            await HeldAsync(B, name);
    }

    [Fact, Case("E45a", "ShortHoles_RestartTheCount")]
    public async Task Silence_counts_only_as_far_as_it_was_witnessed()
    {
        await AcquireAsync(A, Lock);
        if (Cluster.LocksAreServerTimed)
            return; // Nobody witnesses anything: E39 shows when the store lets go.
        for (var i = 0; i < 10; i++)
        {
            await HeldAsync(B, Lock);
            B.Faults.Unreachable = true;
            await Cluster.AdvanceAsync(Ttl / 2);
            B.Faults.Unreachable = false;
        }

        await TakeOverAsync(B, Lock);
    }

    [Fact, Case("E46", "GcPauseAndThreadPoolStarvation_HonestHandle")]
    public async Task A_handle_is_honest_without_any_thread_or_timer_to_tell_it()
    {
        var handle = await AcquireAsync(A, Lock);
        A.Faults.Unreachable = true;

        // Only the clock moves: no timer of the store fires and no answer arrives.
        A.Clock.Advance(Ttl - TimeSpan.FromTicks(1));
        var before = handle.IsHeld;
        A.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal((true, false), (before, handle.IsHeld));
    }

    [Fact, Case("E47", "SuspendResume_BootTimeCounts")]
    public async Task A_suspend_ends_the_holders_lease_and_adds_nothing_to_an_observers_count()
    {
        var handle = await AcquireAsync(A, Lock);
        await HeldAsync(B, Lock);
        A.Clock.Suspend(Ttl);
        Assert.Equal((false, LockLoss.Expired), (handle.IsHeld, handle.Loss));
        if (Cluster.LocksAreServerTimed)
            return; // One clock for all: the observer's share is the store's own, see E39.

        B.Clock.Suspend(Ttl * 3);
        await HeldAsync(B, Lock);
        await Cluster.AdvanceAsync(Ttl / 5);
        await HeldAsync(B, Lock);
    }

    // B asks until it sends a write, which is then on its way. Only a take-over writes.
    private async Task<Task<LockAttempt>> UntilSentAsync(HeldCall takeOver)
    {
        for (var i = 0; i < 32; i++, await Cluster.AdvanceAsync(Ttl / 8))
        {
            var attempt = TryAcquireAsync(B, Lock);
            await Task.WhenAny(takeOver.Arrived, attempt).WaitAsync(Fixture.Patience);
            if (takeOver.Arrived.IsCompleted)
                return attempt;
            Assert.IsType<LockAttempt.Held>(await attempt);
        }

        Assert.Fail("no take-over was tried within four TTLs of silence");
        throw new InvalidOperationException("a failure does not return");
    }

    private async Task OutageAsync(TimeSpan span)
    {
        (A.Faults.Unreachable, B.Faults.Unreachable) = (true, true);
        for (var passed = TimeSpan.Zero; passed < span; passed += Ttl / 8)
        {
            await Cluster.AdvanceAsync(Ttl / 8);
            var refusal = await Assert.ThrowsAsync<StoreException>(() => TryAcquireAsync(B, Lock));
            Assert.Equal(StoreError.Unavailable, refusal.Error);
        }

        (A.Faults.Unreachable, B.Faults.Unreachable) = (false, false);
    }
}
