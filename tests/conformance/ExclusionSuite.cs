using Ha.Core.Stores;
using Xunit;

namespace Ha.Conformance;

/// <summary>Group E, case 38: nobody is granted a lock before its time, over many random lives.</summary>
public abstract class ExclusionSuite<TFixture> : StoreSuite<TFixture>
    where TFixture : IStoreFixture, new()
{
    [Fact, Case("E38", "NoGrantBeforeTtl_SinceLastConfirmedRenewal")]
    public async Task Nobody_is_granted_the_lock_before_its_ttl_has_passed_since_the_start_of_the_last_confirmed_renewal()
    {
        var seed = Seed();
        var random = new Random(seed);
        var doubts = 0;
        for (var round = 0; round < Fixture.Rounds; round++)
        {
            var life = new Life(TimeSpan.FromMilliseconds(random.Next(1000, 120_000)), $"seed {seed}, round {round}");
            if (!Cluster.LocksAreServerTimed)
                (A.Clock.Rate, B.Clock.Rate) = (1 + (random.NextDouble() - 0.5) * 0.09, 1 + (random.NextDouble() - 0.5) * 0.09);
            doubts += await LiveAsync(life, random);
        }

        Assert.True(doubts >= Fixture.Rounds / 10, $"only {doubts} renewals were in doubt: the rounds prove too little");
    }

    // One tenure of A until B is granted, and B's release. Returns how many of A's renewals were in doubt.
    private async Task<int> LiveAsync(Life life, Random random)
    {
        var handle = await AcquireAsync(A, Lock, life.Ttl);
        var confirmed = handle.RenewedAt;
        var (renewals, doubts) = (random.Next(0, 6), 0);
        for (var silent = TimeSpan.Zero; silent < life.Ttl * 6;)
        {
            if (renewals > 0 && handle.IsHeld && random.Next(3) == 0)
            {
                renewals--;
                silent = TimeSpan.Zero;
                var sent = A.Store.Clock.HolderNow;
                switch (await RenewAsync(handle, life.Ttl, random))
                {
                    case RenewAnswer.Renewed:
                        confirmed = sent;
                        break;
                    case null:
                        doubts++;
                        break;
                }
            }

            var answer = await TryAcquireAsync(B, Lock, life.Ttl);
            if (answer is LockAttempt.Granted granted)
            {
                var since = A.Store.Clock.HolderNow - confirmed;
                Assert.True(since >= life.Ttl, $"{life.Name}: granted {since} after the last confirmed renewal, TTL {life.Ttl}");
                Assert.False(handle.IsHeld, $"{life.Name}: two holders at once");
                Assert.True(await granted.Handle.ReleaseAsync(CancellationToken.None));
                return doubts;
            }

            var step = Step(life.Ttl, random, mayLeaveHole: silent < life.Ttl * 2);
            await Cluster.AdvanceAsync(step);
            silent += step;
        }

        Assert.Fail($"{life.Name}: six TTLs of silence and no grant");
        throw new InvalidOperationException("a failure does not return");
    }

    // Mostly the pace of a good observer, sometimes a tiny step; sometimes a hole, but not for ever: the observer must come to an end.
    private static TimeSpan Step(TimeSpan ttl, Random random, bool mayLeaveHole) => random.Next(10) switch
    {
        0 when mayLeaveHole => ttl * (0.3 + random.NextDouble()),
        1 => TimeSpan.FromMilliseconds(1),
        _ => ttl * (0.02 + 0.2 * random.NextDouble()),
    };

    // Answered at once, answered late, read back, or null: nobody can tell whether it was renewed.
    private async Task<RenewAnswer?> RenewAsync(ILockHandle handle, TimeSpan ttl, Random random)
    {
        var fate = random.Next(5);
        var late = fate == 2 ? A.Faults.HoldNextReply() : null;
        if (fate < 2)
            A.Faults.LoseNextReply(andConnection: fate == 0);
        try
        {
            var renewing = handle.RenewAsync(CancellationToken.None);
            if (late is not null)
            {
                await late.Arrived.WaitAsync(Fixture.Patience);
                for (var i = random.Next(8); i > 0; i--)
                {
                    // The observer goes on looking, so that its count starts with the commit and not with the answer.
                    Assert.IsType<LockAttempt.Held>(await TryAcquireAsync(B, Lock, ttl));
                    await Cluster.AdvanceAsync(ttl / 10);
                }

                late.Release();
            }

            return await renewing;
        }
        catch (StoreException e) when (e.Applied == Applied.Maybe)
        {
            return null;
        }
        finally
        {
            A.Faults.Unreachable = false;
        }
    }

    private sealed record Life(TimeSpan Ttl, string Name);
}
