using Ha.Linearizability.Checking;
using Ha.Linearizability.Models;
using static Ha.Linearizability.Tests.Checking.Histories;

namespace Ha.Linearizability.Tests.Checking;

public sealed class LockHistoryTests
{
    private static readonly LockCall Granted1 = new LockCall.Acquire(1, 1);
    private static readonly LockCall Granted2 = new LockCall.Acquire(2, 2);

    [Fact]
    public void A_chain_of_tenures_is_sound() => Assert.Equal(Verdict.Linearizable, CheckLock(
        Op<LockCall>(3, 0, 1, new LockCall.Look(null, 0)),
        Op(1, 0, 2, Granted1),
        Op<LockCall>(2, 3, 4, new LockCall.Look(1, 1)),
        Op<LockCall>(1, 3, 4, new LockCall.Renew(1, 1, true)),
        Op(2, 5, 9, Granted2),
        Op<LockCall>(1, 6, 8, new LockCall.Renew(1, 1, true)),
        Op<LockCall>(1, 10, 11, new LockCall.Renew(1, 1, false)),
        Op<LockCall>(1, 12, 13, new LockCall.Release(1, 1, false)),
        Op<LockCall>(2, 12, 13, new LockCall.Release(2, 2, true)),
        Op<LockCall>(3, 14, 15, new LockCall.Look(null, 2))).Verdict);

    [Fact]
    public void One_generation_for_two_is_illegal() =>
        Assert.Equal(Verdict.Illegal, CheckLock(Op(1, 0, 1, Granted1), Op<LockCall>(2, 0, 1, new LockCall.Acquire(2, 1))).Verdict);

    [Fact]
    public void A_generation_that_begins_again_is_illegal() => Assert.Equal(Verdict.Illegal, CheckLock(
        Op(1, 0, 1, Granted1), Op(2, 2, 3, Granted2), Op<LockCall>(2, 4, 5, new LockCall.Release(2, 2, true)), Op<LockCall>(3, 6, 7, new LockCall.Acquire(3, 1))).Verdict);

    [Fact]
    public void A_renewal_of_a_former_holder_is_illegal()
    {
        var result = CheckLock(
            Op(1, 0, 1, Granted1), Op<LockCall>(1, 2, 3, new LockCall.Renew(1, 1, true)), Op(2, 4, 5, Granted2), Op<LockCall>(1, 6, 7, new LockCall.Renew(1, 1, true)));
        Assert.Equal([Granted1, Granted2, new LockCall.Renew(1, 1, true)], result.Smallest.Select(o => o.Call));
    }

    [Fact]
    public void A_release_by_a_former_holder_is_illegal() => Assert.Equal(Verdict.Illegal, CheckLock(
        Op(1, 0, 1, Granted1), Op(2, 2, 3, Granted2), Op<LockCall>(1, 4, 5, new LockCall.Release(1, 1, true))).Verdict);

    [Fact]
    public void A_grant_without_an_answer_is_found_by_its_owner_or_by_others() => Assert.Equal(Verdict.Linearizable, CheckLock(
        Op<LockCall>(1, 0, null, new LockCall.Acquire(1, null)),
        Op<LockCall>(2, 1, 2, new LockCall.Look(1, 1)),
        Op(1, 3, 4, Granted1),
        Op<LockCall>(2, 5, null, new LockCall.Release(1, 1, null)),
        Op<LockCall>(2, 6, 7, new LockCall.Look(1, 1)),
        Op<LockCall>(2, 8, 9, new LockCall.Look(null, 1))).Verdict);

    [Fact]
    public void A_write_under_an_old_token_is_illegal()
    {
        var result = CheckGuarded(
            Of(1, 0, 1, Granted1), Under(1, 2, 3, 1, "a", 1), Of(2, 4, 5, Granted2), Under(2, 6, 7, 2, "b", 2), Under(1, 8, 9, 1, "c", 3));
        Assert.Equal(Verdict.Illegal, result.Verdict);
        Assert.Equal(["acquire -> granted with generation 1", "acquire -> granted with generation 2", "under generation 1: put 'c' -> committed at 3"], result.Smallest.Select(o => o.Call.ToString()));
    }

    [Fact]
    public void A_write_under_an_old_token_without_an_answer_counts_for_nothing_later() => Assert.Equal(Verdict.Illegal, CheckGuarded(
        Of(1, 0, 1, Granted1),
        Op<GuardedCall>(1, 2, null, new GuardedCall.UnderToken(1, 1, (RegisterCall.Write)PutUnknown("late"), false)),
        Of(2, 4, 5, Granted2),
        Op<GuardedCall>(2, 6, 7, new GuardedCall.OfKey(Read(null))),
        Op<GuardedCall>(2, 8, 9, new GuardedCall.OfKey(Read("late", 1)))).Verdict);

    [Fact]
    public void A_refused_token_and_a_good_one_are_sound() => Assert.Equal(Verdict.Linearizable, CheckGuarded(
        Of(1, 0, 1, Granted1),
        Under(1, 2, 3, 1, "a", 1),
        Of(2, 4, 9, Granted2),
        Under(1, 5, 8, 1, "b", 2),
        Op<GuardedCall>(1, 10, 11, new GuardedCall.UnderToken(1, 1, (RegisterCall.Write)PutUnknown("c"), LockLost: true)),
        Op<GuardedCall>(2, 10, 11, new GuardedCall.OfKey(Read("b", 2)))).Verdict);

    private static Operation<GuardedCall> Of(int client, int start, int end, LockCall call) => Op<GuardedCall>(client, start, end, new GuardedCall.OfLock(call));

    private static Operation<GuardedCall> Under(int client, int start, int end, ulong generation, string value, int revision) =>
        Op<GuardedCall>(client, start, end, new GuardedCall.UnderToken(client, generation, (RegisterCall.Write)Put(value, revision), false));
}
