using Ha.Linearizability.Checking;
using Ha.Linearizability.Models;
using static Ha.Linearizability.Tests.Checking.Histories;

namespace Ha.Linearizability.Tests.Checking;

public sealed class RegisterHistoryTests
{
    [Fact]
    public void One_call_after_another_is_sound() =>
        Sound(Op(1, 0, 1, Read(null)), Op(1, 2, 3, Put("a", 1)), Op(2, 4, 5, Read("a", 1)), Op(2, 6, 7, Cas("b", 1, 2)), Op(1, 8, 9, Delete()), Op(1, 10, 11, Read(null)));

    [Fact]
    public void Concurrent_calls_may_take_effect_in_any_order() =>
        Sound(Op(1, 0, 10, Put("a", 2)), Op(2, 0, 10, Put("b", 1)), Op(3, 1, 9, Read("b", 1)), Op(3, 11, 12, Read("a", 2)));

    [Fact]
    public void A_stale_read_is_illegal_and_shown_with_what_it_contradicts()
    {
        var result = Check(
            Op(1, 0, 1, Put("a", 1)), Op(2, 0, 1, Read(null)), Op(1, 2, 3, Put("b", 2)), Op(1, 4, 5, Read("b", 2)), Op(2, 6, 7, Read("a", 1)), Op(1, 8, 9, Put("c", 3)));
        Assert.Equal((Verdict.Illegal, 3), (result.Verdict, result.Smallest.Count));
        Assert.Equal([Put("a", 1), Put("b", 2), Read("a", 1)], result.Smallest.Select(o => o.Call));
        Assert.Contains("0.0060 s [6]         to 0.0070 s [7]         client 2: read -> 'a' at 1", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_from_nowhere_is_illegal_by_itself()
    {
        var result = Check(Op(1, 0, 1, Put("a", 1)), Op(2, 2, 3, Read("z", 1)));
        Assert.Equal([Read("z", 1)], result.Smallest.Select(o => o.Call));
    }

    [Fact]
    public void Two_winners_of_one_revision_are_illegal() =>
        Illegal(Op(1, 0, 1, Put("a", 1)), Op(1, 2, 9, Cas("b", 1, 2)), Op(2, 2, 9, Cas("c", 1, 3)));

    [Fact]
    public void Two_creators_are_illegal() => Illegal(Op(1, 0, 9, Create("a", 1)), Op(2, 0, 9, Create("b", 2)));

    [Fact]
    public void A_creator_after_a_deletion_is_sound() => Sound(Op(1, 0, 9, Create("a", 1)), Op(2, 0, 9, Create("b", 2)), Op(3, 0, 9, Delete()));

    [Fact]
    public void A_refusal_though_the_revision_held_is_illegal() => Illegal(Op(1, 0, 1, Put("a", 1)), Op(1, 2, 3, CasRefused("b", 1)));

    [Fact]
    public void A_lost_write_is_illegal() => Illegal(Op(1, 0, 1, Put("a", 1)), Op(2, 2, 3, Read(null)));

    [Fact]
    public void A_value_that_changes_its_revision_is_illegal() => Illegal(Op(1, 0, 1, Put("a", 1)), Op(2, 2, 3, Read("a", 1)), Op(2, 4, 5, Read("a", 2)));

    [Fact]
    public void A_write_that_is_applied_twice_is_illegal() =>
        Illegal(Op(1, 0, null, PutUnknown("a")), Op(2, 1, 2, Read("a", 1)), Op(2, 3, 4, Put("b", 2)), Op(2, 5, 6, Read("a", 3)));

    [Fact]
    public void A_write_without_an_answer_may_be_absent() => Sound(Op(1, 0, null, PutUnknown("a")), Op(2, 5, 6, Read(null)));

    [Fact]
    public void A_write_without_an_answer_may_take_effect_late() =>
        Sound(Op(1, 0, null, PutUnknown("a")), Op(2, 1, 2, Read(null)), Op(2, 3, 4, Put("b", 1)), Op(2, 5, 6, Read("b", 1)), Op(2, 7, 8, Read("a", 2)));

    [Fact]
    public void A_write_without_an_answer_cannot_come_and_go() =>
        Illegal(Op(1, 0, null, PutUnknown("a")), Op(2, 1, 2, Read("a", 1)), Op(2, 3, 4, Read(null)));

    [Fact]
    public void A_revision_that_belongs_to_another_write_is_not_learned() =>
        Illegal(Op(1, 0, null, PutUnknown("a")), Op(2, 1, 2, Put("b", 2)), Op(2, 3, 4, Read("a", 2)));

    [Fact]
    public void A_write_whose_value_was_read_is_settled_by_the_first_read()
    {
        Operation<RegisterCall>[] history = [Op(1, 0, null, PutUnknown("a")), Op(1, 1, null, PutUnknown("b")), Op(2, 2, 3, Read("a", 1)), Op(2, 4, 5, Read("a", 1))];
        var settled = Ambiguity.Settle(history, c => (c as RegisterCall.Write)?.Value, c => (c as RegisterCall.Read)?.Answer?.Value);
        Assert.Equal([3, null, 3, 5], settled.Select(o => o.End?.Order));
        Assert.Equal(Verdict.Linearizable, Check(settled).Verdict);
    }

    [Fact]
    public void A_search_past_its_limit_is_unknown_and_never_a_verdict()
    {
        var history = Enumerable.Range(0, 14).Select(i => Op(i, i, 1000 + i, PutUnknown($"{i}"))).Append(Op(99, 2000, 2001, Read("none", 1))).ToList();
        var checker = new LinearizabilityChecker<RegisterState, RegisterCall>(new RegisterModel([]), new HastyTime(), TimeSpan.FromSeconds(1));
        Assert.Equal(Verdict.Unknown, checker.Check(history).Verdict);
    }

    private static void Sound(params Operation<RegisterCall>[] history) => Assert.Equal(Verdict.Linearizable, Check(history).Verdict);

    private static void Illegal(params Operation<RegisterCall>[] history) => Assert.Equal(Verdict.Illegal, Check(history).Verdict);

    /// <summary>A clock on which a second passes between two looks.</summary>
    private sealed class HastyTime : TimeProvider
    {
        private long _looks;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _looks++;
    }
}
