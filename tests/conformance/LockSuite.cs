using Ha.Core.Stores;
using Ha.Testing;
using Xunit;

namespace Ha.Conformance;

/// <summary>Group C: one lock and its holder.</summary>
public abstract class LockSuite<TFixture> : StoreSuite<TFixture>
    where TFixture : IStoreFixture, new()
{
    [Fact, Case("C21", "Acquire_Free_ThenSecondClientHeld")]
    public async Task A_free_lock_is_granted_to_the_first_and_held_for_the_second()
    {
        Assert.Equal((null, 0UL), Seen(await InspectAsync(B)));
        var sent = A.Store.Clock.HolderNow;
        var granted = Assert.IsType<LockAttempt.Granted>(await TryAcquireAsync(A, Lock));

        Assert.True(granted.Handle.IsHeld);
        Assert.Null(granted.Handle.Loss);
        Assert.Equal((sent, sent + Ttl), (granted.Handle.RenewedAt, granted.Handle.ValidUntil));
        Assert.Equal((null, 0UL, false), (granted.Previous.Holder, granted.Previous.Generation, granted.Adopted));
        Assert.Equal((Lock, 1UL), (granted.Handle.Token.Name, granted.Handle.Token.Generation));
        await HeldAsync(B, Lock);
        await AcquireAsync(B, StoreKey.Of("another_lock"));
        await HeldAsync(A, StoreKey.Of("another_lock"));
    }

    [Fact, Case("C21a", "Acquire_TwoRacers_OneWins")]
    public async Task Of_two_that_ask_for_one_lock_at_once_exactly_one_gets_it()
    {
        for (var round = 0; round < 50; round++)
        {
            var name = StoreKey.Of($"race_{round}");
            var attempts = await Task.WhenAll(Task.Run(() => TryAcquireAsync(A, name)), Task.Run(() => TryAcquireAsync(B, name)));
            Assert.Single(attempts.OfType<LockAttempt.Granted>());
            Assert.Single(attempts.OfType<LockAttempt.Held>());
        }
    }

    [Fact, Case("C22", "Acquire_ReportsHolderAndEarliestRetry")]
    public async Task A_refusal_names_the_holder_and_the_earliest_time_to_ask_again()
    {
        var handle = await AcquireAsync(A, Lock);
        var held = await HeldAsync(B, Lock);
        Assert.Equal(("a", handle.Token.Generation, Ttl), (held.By.Holder, held.By.Generation, held.By.Ttl));
        Assert.False(held.By.Expired);
        Assert.InRange(held.EarliestRetry, TimeSpan.FromTicks(1), Ttl * 1.1);
        Assert.Equal(("a", handle.Token.Generation), Seen(await InspectAsync(B)));

        // Not earlier, though the contender witnesses all of the silence.
        var promised = held.EarliestRetry - TimeSpan.FromMilliseconds(1);
        for (var waited = TimeSpan.Zero; waited < promised;)
        {
            var step = Ttl / 8 < promised - waited ? Ttl / 8 : promised - waited;
            await Cluster.AdvanceAsync(step);
            waited += step;
            await HeldAsync(B, Lock);
        }
    }

    [Fact, Case("C23", "Renew_ExtendsFromSendTime")]
    public async Task A_slow_answer_shortens_a_lease_and_never_lengthens_it()
    {
        var sent = A.Store.Clock.HolderNow;
        var reply = A.Faults.HoldNextReply();
        var acquiring = TryAcquireAsync(A, Lock);
        await SlowAsync(reply);
        var handle = Assert.IsType<LockAttempt.Granted>(await acquiring).Handle;
        Assert.Equal((sent, sent + Ttl), (handle.RenewedAt, handle.ValidUntil));

        await Cluster.AdvanceAsync(Ttl / 4);
        sent = A.Store.Clock.HolderNow;
        reply = A.Faults.HoldNextReply();
        var renewing = handle.RenewAsync(CancellationToken.None);
        await SlowAsync(reply);
        Assert.Equal(sent + Ttl, Assert.IsType<RenewAnswer.Renewed>(await renewing).ValidUntil);
        Assert.Equal((sent, sent + Ttl), (handle.RenewedAt, handle.ValidUntil));
    }

    [Fact, Case("C23a", "Renew_LostReply_MovesNothing")]
    public async Task A_renewal_whose_answer_is_lost_does_not_move_the_validity_and_may_be_repeated()
    {
        var handle = await AcquireAsync(A, Lock);
        var until = handle.ValidUntil;
        await Cluster.AdvanceAsync(Ttl / 4);
        A.Faults.LoseNextReply(andConnection: true);
        var unknown = await Assert.ThrowsAsync<StoreException>(() => handle.RenewAsync(CancellationToken.None));
        Assert.Equal((StoreError.OutcomeUnknown, Applied.Maybe), (unknown.Error, unknown.Applied));
        Assert.Equal(until, handle.ValidUntil);
        var refusal = await Assert.ThrowsAsync<StoreException>(() => handle.RenewAsync(CancellationToken.None));
        Assert.Equal((StoreError.Unavailable, Applied.No), (refusal.Error, refusal.Applied));
        Assert.Equal(until, handle.ValidUntil);
        A.Faults.Unreachable = false;

        var sent = A.Store.Clock.HolderNow;
        Assert.IsType<RenewAnswer.Renewed>(await handle.RenewAsync(CancellationToken.None));
        Assert.Equal(sent + Ttl, handle.ValidUntil);
    }

    [Fact, Case("C23b", "Renew_LostReply_ResolvedByReadingBack")]
    public async Task A_renewal_whose_answer_is_lost_is_either_unknown_or_read_back()
    {
        var handle = await AcquireAsync(A, Lock);
        var until = handle.ValidUntil;
        await Cluster.AdvanceAsync(Ttl / 4);
        var sent = A.Store.Clock.HolderNow;
        A.Faults.LoseNextReply();
        try
        {
            Assert.Equal(sent + Ttl, Assert.IsType<RenewAnswer.Renewed>(await handle.RenewAsync(CancellationToken.None)).ValidUntil);
            Assert.Equal(sent + Ttl, handle.ValidUntil);
        }
        catch (StoreException e)
        {
            Assert.Equal((StoreError.OutcomeUnknown, Applied.Maybe), (e.Error, e.Applied));
            Assert.Equal(until, handle.ValidUntil);
        }
    }

    [Fact, Case("C24", "Release_ThenAcquire_NoTtlWait")]
    public async Task A_released_lock_is_free_at_once()
    {
        var handle = await AcquireAsync(A, Lock);
        await HeldAsync(B, Lock);
        Assert.True(await handle.ReleaseAsync(CancellationToken.None));
        Assert.Equal((false, LockLoss.Released), (handle.IsHeld, handle.Loss));
        Assert.Null((await InspectAsync(A)).Holder);

        await AcquireAsync(B, Lock);
        await HeldAsync(A, Lock);
    }

    [Fact, Case("C25", "Release_ByOldToken_Refused")]
    public async Task A_former_holder_cannot_release_its_successors_lock()
    {
        var former = await AcquireAsync(A, Lock);
        var successor = await TakeOverAsync(B, Lock);
        Assert.False(await former.ReleaseAsync(CancellationToken.None));
        await HeldAsync(A, Lock);
        Assert.IsType<RenewAnswer.Renewed>(await successor.RenewAsync(CancellationToken.None));

        // Released twice is released once: the second must not hit whoever came in between.
        Assert.True(await successor.ReleaseAsync(CancellationToken.None));
        var third = await AcquireAsync(A, Lock);
        Assert.False(await successor.ReleaseAsync(CancellationToken.None));
        Assert.IsType<RenewAnswer.Renewed>(await third.RenewAsync(CancellationToken.None));
        await HeldAsync(B, Lock);
    }

    [Fact, Case("C26", "Dispose_DoesNotRelease")]
    public async Task The_end_of_the_holders_process_releases_nothing()
    {
        var before = await Cluster.NewClientAsync("short-lived");
        await AcquireAsync(before, Lock);
        await before.DisposeAsync();

        await HeldAsync(B, Lock);
        await Cluster.AdvanceAsync(Ttl / 2);
        await HeldAsync(B, Lock);
        Assert.Equal("short-lived", (await InspectAsync(A)).Holder);
    }

    [Fact, Case("C27", "Generation_StrictlyIncreases_OverReleaseExpiryRestart")]
    public async Task The_generation_grows_over_release_and_expiry_and_restart()
    {
        var generations = new List<ulong>();
        var first = await AcquireAsync(A, Lock);
        generations.Add(first.Token.Generation);
        await first.ReleaseAsync(CancellationToken.None);
        var second = await AcquireAsync(A, Lock);
        generations.Add(second.Token.Generation);
        await second.ReleaseAsync(CancellationToken.None);
        generations.Add((await AcquireAsync(B, Lock)).Token.Generation);
        generations.Add((await TakeOverAsync(A, Lock)).Token.Generation);
        var restarted = await Cluster.NewClientAsync("a");
        generations.Add(Assert.IsType<LockAttempt.Granted>(await TryAcquireAsync(restarted, Lock, adopt: true)).Handle.Token.Generation);

        Assert.Equal(generations.Distinct().Order(), generations);
        Assert.Equal(generations[^1], (await InspectAsync(B)).Generation);
    }

    [Fact, Case("C28", "SameNodeRestart_DoesNotInheritLock_ButCanAdoptAfterProof")]
    public async Task A_restarted_process_waits_like_a_stranger_unless_it_proves_that_its_predecessor_is_gone()
    {
        var predecessor = await AcquireAsync(A, Lock);
        var restarted = await Cluster.NewClientAsync("a");
        Assert.Equal("a", (await HeldAsync(restarted, Lock)).By.Holder);
        await HeldAsync(B, Lock, adopt: true); // The proof is about one's own predecessor, not about others.

        var granted = Assert.IsType<LockAttempt.Granted>(await TryAcquireAsync(restarted, Lock, adopt: true));
        Assert.True(granted.Adopted);
        Assert.True(granted.Handle.Token.Generation > predecessor.Token.Generation);
        Assert.NotEqual(predecessor.Token.Incarnation, granted.Handle.Token.Incarnation);
        Assert.Equal(new RenewAnswer.Lost(LockLoss.Superseded), await predecessor.RenewAsync(CancellationToken.None));
        Assert.False(predecessor.IsHeld);
        Assert.IsType<KvOutcome.LockLost>(await CommitAsync(A, Put("x", "zombie").GuardedBy(predecessor.Token)));
    }

    [Fact, Case("C29", "Acquire_Cancelled_LeavesAdoptableOrFreeRecord")]
    public async Task An_acquisition_that_was_cancelled_or_whose_answer_was_lost_is_found_by_the_next_attempt()
    {
        using var cancel = new CancellationTokenSource();
        var reply = A.Faults.HoldNextReply();
        var acquiring = A.Store.TryAcquireAsync(Lock, new LockOptions("a", Ttl), cancel.Token);
        await reply.Arrived.WaitAsync(Fixture.Patience);
        await cancel.CancelAsync();
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => acquiring);
        Assert.True(failure is OperationCanceledException or StoreException { Applied: Applied.Maybe }, $"{failure}");
        reply.Release();
        await HeldAsync(B, Lock);
        var handle = await AcquireAsync(A, Lock);
        await CommittedAsync(A, Put("x", "1").GuardedBy(handle.Token));

        var other = StoreKey.Of("other_lock");
        A.Faults.LoseNextReply();
        if (await AttemptAsync(A, other) is not LockAttempt.Granted)
            await AcquireAsync(A, other);
        await HeldAsync(B, other);
    }

    [Fact, Case("C30", "Lost_FiresOnceWithReason")]
    public async Task A_lost_handle_says_why_and_stays_lost()
    {
        var expired = await AcquireAsync(A, Lock);
        Assert.Null(expired.Loss);
        await Cluster.AdvanceAsync(Ttl);
        Assert.Equal((false, LockLoss.Expired), (expired.IsHeld, expired.Loss));
        await TakeOverAsync(B, Lock);
        Assert.IsType<RenewAnswer.Lost>(await expired.RenewAsync(CancellationToken.None));
        Assert.False(expired.IsHeld);
        Assert.NotNull(expired.Loss);

        var released = await AcquireAsync(A, StoreKey.Of("released_lock"));
        await released.ReleaseAsync(CancellationToken.None);
        Assert.Equal(new RenewAnswer.Lost(LockLoss.Released), await released.RenewAsync(CancellationToken.None));
        await Cluster.AdvanceAsync(Ttl * 3);
        Assert.Equal((false, LockLoss.Released), (released.IsHeld, released.Loss));

        // The word of a commit that lost its lock reaches the handle as well.
        var renewing = await AcquireAsync(A, StoreKey.Of("renewing_lock"));
        var restarted = await Cluster.NewClientAsync("a");
        await TryAcquireAsync(restarted, StoreKey.Of("renewing_lock"), adopt: true);
        Assert.IsType<KvOutcome.LockLost>(await CommitAsync(A, Put("x", "1").Renewing(renewing)));
        Assert.Equal((false, LockLoss.Superseded), (renewing.IsHeld, renewing.Loss));
    }

    [Fact, Case("C31", "LockRecords_DoNotAppearInListings")]
    public async Task Locks_appear_neither_in_listings_nor_in_watches()
    {
        await using var watch = Watch(B, StoreKey.Root);
        await watch.UntilBegunAsync();
        var handle = await AcquireAsync(A, Lock);
        await handle.RenewAsync(CancellationToken.None);
        await AcquireAsync(B, StoreKey.Of("ha_agent_b_lock"));
        await handle.ReleaseAsync(CancellationToken.None);
        var revision = await PutAsync(A, "x", "1");

        Assert.Equal(["x"], (await ListAsync(B, StoreKey.Root)).Entries.Select(e => e.Key.Value));
        await watch.UntilAsync(() => watch.RevisionOf(StoreKey.Of("x")) == revision, "the only key");
        Assert.All(watch.Items.OfType<WatchItem.Changed>(), c => Assert.Equal("x", c.Key.Value));
        await PutAsync(A, Lock.Value, "a document may have a lock's name");
        await HeldAsync(A, StoreKey.Of("ha_agent_b_lock"));
    }

    private static (string?, ulong) Seen(LockView view) => (view.Holder, view.Generation);

    private static Task<LockView> InspectAsync(StoreClient client) => client.Store.InspectAsync(Lock, CancellationToken.None);

    private static async Task<LockAttempt?> AttemptAsync(StoreClient client, StoreKey name)
    {
        try
        {
            return await TryAcquireAsync(client, name);
        }
        catch (StoreException e) when (e.Applied == Applied.Maybe)
        {
            return null;
        }
    }

    private async Task SlowAsync(HeldCall reply)
    {
        await reply.Arrived.WaitAsync(Fixture.Patience);
        await Cluster.AdvanceAsync(TimeSpan.FromSeconds(1));
        reply.Release();
    }
}
