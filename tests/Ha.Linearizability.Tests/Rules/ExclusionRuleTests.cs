using Ha.Core.Stores;
using Ha.Linearizability.Rules;

namespace Ha.Linearizability.Tests.Rules;

public sealed class ExclusionRuleTests
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(10);
    private static readonly Tenure First = Tenure(1, 1, (0, 1), (4, 5));

    [Fact]
    public void A_grant_after_the_ttl_is_sound() => Assert.Empty(Check(First, Tenure(2, 2, (9, 14))).Violations);

    [Fact]
    public void A_grant_before_the_ttl_since_the_start_of_the_last_confirmed_renewal_is_a_breach()
    {
        var report = Check(First, Tenure(2, 2, (9, 13.5)));
        Assert.Equal(TimeSpan.FromSeconds(0.5), report.Overlap);
        Assert.Equal(2, report.Violations.Count);
        Assert.Contains("500 ms too early", report.Violations[0], StringComparison.Ordinal);
        Assert.Contains("both held it for 500 ms", report.Violations[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_release_lets_the_next_one_in_at_once() => Assert.Empty(Check(First with { ReleasedAt = S(6) }, Tenure(2, 2, (6, 7))).Violations);

    [Fact]
    public void A_holder_that_learned_of_its_loss_still_had_its_ttl()
    {
        var report = Check(First with { LostAt = S(6) }, Tenure(2, 2, (5, 7)));
        Assert.Equal((TimeSpan.Zero, 1), (report.Overlap, report.Violations.Count));
    }

    [Fact]
    public void A_holder_that_counts_from_the_answer_overlaps_though_nobody_was_granted_too_early()
    {
        var careless = First with { Confirmations = [new(S(0), S(9), S(19))] };
        var report = Check(careless, Tenure(2, 2, (10, 11)));
        Assert.Equal(TimeSpan.FromSeconds(8), report.Overlap);
        Assert.Single(report.Violations);
    }

    [Fact]
    public void Two_tenures_of_one_client_are_no_breach() => Assert.Empty(Check(First, Tenure(1, 2, (5, 6))).Violations);

    [Fact]
    public void Other_locks_do_not_matter() => Assert.Empty(Check(First, Tenure(2, 2, (5, 6)) with { Lock = StoreKey.Of("other") }).Violations);

    private static ExclusionReport Check(params Tenure[] tenures) => ExclusionRule.Check(tenures);

    private static Tenure Tenure(int client, ulong generation, params (double Sent, double Answered)[] confirmations) =>
        new(StoreKey.Of("lock"), client, generation, Ttl) { Confirmations = [.. confirmations.Select(c => new Confirmation(S(c.Sent), S(c.Answered), S(c.Sent) + Ttl))] };

    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);
}
