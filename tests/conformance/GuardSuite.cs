using Ha.Core.Stores;
using Xunit;

namespace Ha.Conformance;

/// <summary>Group D: commits guarded by a lock's fencing token.</summary>
public abstract class GuardSuite<TFixture> : StoreSuite<TFixture>
    where TFixture : IStoreFixture, new()
{
    private GuardStrength Declared => Can(StoreCapabilities.EnforcedGuard) ? GuardStrength.Enforced : GuardStrength.Advisory;

    [Fact, Case("D32", "Guard_CurrentToken_Applies")]
    public async Task A_commit_guarded_by_the_current_token_applies()
    {
        var handle = await AcquireAsync(A, Lock);
        await CommittedAsync(A, Put("x", "1").GuardedBy(handle.Token));
        Assert.IsType<RenewAnswer.Renewed>(await handle.RenewAsync(CancellationToken.None));
        await CommittedAsync(A, Put("x", "2").GuardedBy(handle.Token)); // A renewal must not invalidate the token.

        Assert.Equal("2", Text(await GetAsync(B, "x")));
    }

    [Fact, Case("D33", "Guard_OldToken_LockLost_NothingApplied")]
    public async Task A_commit_guarded_by_a_token_of_the_past_is_refused()
    {
        var first = await AcquireAsync(A, Lock);
        await CommittedAsync(A, Put("x", "first").GuardedBy(first.Token));
        await first.ReleaseAsync(CancellationToken.None);
        await AssertLockLostAsync(first.Token); // Released, and nobody else's yet.
        var second = await AcquireAsync(A, Lock);
        await AssertLockLostAsync(first.Token); // The same client's again, but a new tenure.
        var third = await TakeOverAsync(B, Lock);
        await AssertLockLostAsync(first.Token);
        await AssertLockLostAsync(second.Token);

        Assert.Equal("first", Text(await GetAsync(B, "x")));
        await CommittedAsync(B, Put("x", "third").GuardedBy(third.Token));
    }

    [Fact, Case("D33a", "Guard_OtherLocksToken_DoesNotCount")]
    public async Task A_guard_looks_at_its_own_lock_only()
    {
        var mine = await AcquireAsync(A, StoreKey.Of("ha_agent_a_lock"));
        var theirs = await AcquireAsync(B, StoreKey.Of("ha_agent_b_lock"));
        await theirs.ReleaseAsync(CancellationToken.None);

        await CommittedAsync(A, Put("x", "mine").GuardedBy(mine.Token));
        Assert.IsType<KvOutcome.LockLost>(await CommitAsync(B, Put("x", "theirs").GuardedBy(theirs.Token)));
        Assert.Equal("mine", Text(await GetAsync(B, "x")));
    }

    [Fact, Case("D34", "Guard_DelayedPacketOfFormerHolder_NeverApplies")]
    public async Task A_packet_of_a_former_holder_that_arrives_late_never_applies()
    {
        var former = await AcquireAsync(A, Lock);
        var packet = A.Faults.HoldNextRequest();
        var late = CommitAsync(A, Put("x", "late").GuardedBy(former.Token));
        await packet.Arrived.WaitAsync(Fixture.Patience);
        var successor = await TakeOverAsync(B, Lock);
        await CommittedAsync(B, Put("x", "successor").GuardedBy(successor.Token));
        packet.Release();

        if (Declared == GuardStrength.Advisory)
        {
            // Checked by the client before it sent: what matters is that nobody is told otherwise.
            Assert.True(await OutcomeAsync(late) is not KvOutcome.Committed { Guard: GuardStrength.Enforced });
            return;
        }

        Assert.True(await OutcomeAsync(late) is null or KvOutcome.LockLost, "the late packet was not refused");
        Assert.Equal("successor", Text(await GetAsync(A, "x")));
    }

    [Fact, Case("D34a", "Guard_DelayedPacketAfterRelease_NeverApplies")]
    public async Task A_packet_that_arrives_after_the_release_never_applies()
    {
        var handle = await AcquireAsync(A, Lock);
        var packet = A.Faults.HoldNextRequest();
        var late = CommitAsync(A, Put("x", "late").GuardedBy(handle.Token));
        await packet.Arrived.WaitAsync(Fixture.Patience);
        Assert.True(await handle.ReleaseAsync(CancellationToken.None));
        packet.Release();

        var outcome = await OutcomeAsync(late);
        if (Declared == GuardStrength.Enforced)
        {
            Assert.True(outcome is null or KvOutcome.LockLost, "the late packet was not refused");
            Assert.Null(await GetAsync(B, "x"));
        }
    }

    [Fact, Case("D35", "Guard_AndUserCondition_BothReported")]
    public async Task A_failed_condition_is_a_conflict_and_a_failed_guard_is_a_lost_lock()
    {
        var handle = await AcquireAsync(A, Lock);
        await PutAsync(B, "x", "1");
        var conditional = Put("x", "2").RequireAbsent(StoreKey.Of("x")).GuardedBy(handle.Token);
        Assert.Equal(StoreKey.Of("x"), (await ConflictAsync(A, conditional)).Key);
        await handle.ReleaseAsync(CancellationToken.None);
        Assert.IsType<KvOutcome.LockLost>(await CommitAsync(A, conditional)); // The loss of the lock is final, a conflict is not.
        Assert.IsType<KvOutcome.LockLost>(await CommitAsync(A, Put("y", "1").RequireAbsent(StoreKey.Of("y")).GuardedBy(handle.Token)));

        Assert.Equal("1", Text(await GetAsync(B, "x")));
        Assert.Null(await GetAsync(B, "y"));
    }

    [Fact, Case("D36", "Guard_RenewingCommit_ExtendsValidity")]
    public async Task A_renewing_commit_counts_as_a_renewal_from_when_it_was_sent()
    {
        var handle = await AcquireAsync(A, Lock);
        await Cluster.AdvanceAsync(Ttl / 2);
        var sent = A.Store.Clock.HolderNow;
        var reply = A.Faults.HoldNextReply();
        var commit = CommitAsync(A, Put("x", "1").Renewing(handle));
        await reply.Arrived.WaitAsync(Fixture.Patience);
        await Cluster.AdvanceAsync(TimeSpan.FromSeconds(1));
        reply.Release();
        Assert.IsType<KvOutcome.Committed>(await commit);

        Assert.Equal((sent, sent + Ttl), (handle.RenewedAt, handle.ValidUntil));
        await Cluster.AdvanceAsync(Ttl - TimeSpan.FromSeconds(2));
        Assert.True(handle.IsHeld);
        await HeldAsync(B, Lock);
        await CommittedAsync(A, Put("x", "2").GuardedBy(handle.Token));
    }

    [Fact, Case("D36a", "Guard_RefusedRenewingCommit_RenewsNothing")]
    public async Task A_renewing_commit_that_fails_on_a_condition_renews_nothing()
    {
        var handle = await AcquireAsync(A, Lock);
        var until = handle.ValidUntil;
        await Cluster.AdvanceAsync(Ttl / 2);
        await ConflictAsync(A, Put("x", "1").RequireRevision(StoreKey.Of("x"), new StoreRevision(7, 7)).Renewing(handle));
        A.Faults.LoseNextReply(andConnection: true);
        await Assert.ThrowsAsync<StoreException>(() => CommitAsync(A, Put("x", "2").RequireRevision(StoreKey.Of("x"), new StoreRevision(7, 7)).Renewing(handle)));

        Assert.Equal(until, handle.ValidUntil);
    }

    [Fact, Case("D37", "GuardStrength_IsTruthful")]
    public async Task The_strength_of_a_guard_is_told_as_declared()
    {
        var handle = await AcquireAsync(A, Lock);
        Assert.Equal(GuardStrength.None, (await CommittedAsync(A, Put("x", "1"))).Guard);
        Assert.Equal(Declared, (await CommittedAsync(A, Put("x", "2").GuardedBy(handle.Token))).Guard);
        Assert.Equal(Declared, (await CommittedAsync(A, Put("x", "3").Renewing(handle))).Guard);
    }

    // Null: nobody was told what became of it.
    private async Task<KvOutcome?> OutcomeAsync(Task<KvOutcome> commit)
    {
        try
        {
            return await commit.WaitAsync(Fixture.Patience);
        }
        catch (StoreException e) when (e.Applied == Applied.Maybe)
        {
            return null;
        }
    }

    private async Task AssertLockLostAsync(LockToken token)
    {
        Assert.IsType<KvOutcome.LockLost>(await CommitAsync(A, Put("x", "stale").GuardedBy(token)));
        Assert.Equal("first", Text(await GetAsync(B, "x")));
    }
}
