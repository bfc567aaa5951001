using Ha.Core.Config;

namespace Ha.Core.Tests.Config;

public sealed class TimingProfileTests
{
    [Fact]
    public void Every_shipped_profile_is_safe() => Assert.All(TimingProfile.All, p => Assert.Empty(p.Check()));

    [Fact]
    public void A_client_window_that_outlives_the_lease_is_refused_with_the_numbers()
    {
        var broken = Assert.Single((TimingProfile.Fast with { ClientWindow = TimeSpan.FromSeconds(6) }).Check());
        Assert.Contains("6 s (client window)", broken, StringComparison.Ordinal);
        Assert.Contains("= 9.25 s", broken, StringComparison.Ordinal);
        Assert.Contains("only certain for 7 s", broken, StringComparison.Ordinal);
    }

    [Fact]
    public void A_renewal_rarer_than_a_quarter_of_the_lease_is_refused() =>
        Assert.Contains((TimingProfile.Standard with { Renewal = TimeSpan.FromSeconds(6) }).Check(), l => l.Contains("more than a quarter", StringComparison.Ordinal));

    [Fact]
    public void A_round_longer_than_the_renewal_interval_is_refused() =>
        Assert.Contains((TimingProfile.Standard with { ActiveRound = TimeSpan.FromSeconds(3) }).Check(), l => l.Contains("longer than the renewal", StringComparison.Ordinal));

    [Fact]
    public void An_interval_of_nothing_is_refused() =>
        Assert.Contains((TimingProfile.Standard with { Tick = TimeSpan.Zero }).Check(), l => l.Contains("tick is 0 s", StringComparison.Ordinal));

    [Fact]
    public void An_observer_waits_exactly_the_lease() =>
        Assert.All(TimingProfile.All, p => Assert.Equal(p.Lease.TotalSeconds, (p.LockTtl * (1 + p.RateMargin)).TotalSeconds, 3));

    [Fact]
    public void Profiles_are_found_by_name_and_no_other()
    {
        Assert.Same(TimingProfile.Fast, TimingProfile.Find("fast"));
        Assert.Null(TimingProfile.Find("Fast"));
    }
}
