using Ha.Core.Config;
using Ha.Core.Stores;
using Ha.Hosting;

namespace Ha.Node.Tests.Settings;

public sealed class StoreFitTests
{
    private const StoreCapabilities Needed = StoreCapabilities.LinearizableRead | StoreCapabilities.Presence;

    [Fact]
    public void A_store_that_carries_the_profile_is_taken_without_a_word()
    {
        var store = Store(shortest: 1, longest: 3600);
        Assert.Empty(StoreFit.Check(TimingProfile.Standard, store));
        Assert.Empty(StoreFit.Warnings(TimingProfile.Standard, store));
        Assert.Equal(TimingProfile.Standard.PresenceTtl, StoreFit.PresenceOn(TimingProfile.Standard, store));
    }

    [Fact]
    public void Presence_lasts_longer_where_the_store_cannot_have_it_shorter()
    {
        var store = Store(shortest: 10, longest: 3600);
        Assert.Empty(StoreFit.Check(TimingProfile.Standard, store));
        Assert.Equal(TimeSpan.FromSeconds(10), StoreFit.PresenceOn(TimingProfile.Standard, store));
        var warning = Assert.Single(StoreFit.Warnings(TimingProfile.Standard, store));
        Assert.Contains("should last 6 s, but store 'test' carries 10 s", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_presence_above_the_stores_limit_is_refused()
    {
        var misfit = Assert.Single(StoreFit.Check(TimingProfile.Proxmox, Store(shortest: 1, longest: 10)));
        Assert.Contains("presence for 20 s, but store 'test' carries 1 s to 10 s", misfit, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failover_slower_than_the_blip_budget_is_told_with_its_numbers_and_the_setting()
    {
        var store = Store(shortest: 1, longest: 3600) with { Failover = new StoreFailover(TimeSpan.FromSeconds(12), "lower syncLimit × tickTime") };
        var warning = Assert.Single(StoreFit.Warnings(TimingProfile.Standard, store));
        Assert.Contains("up to 12 s", warning, StringComparison.Ordinal);
        Assert.Contains("for 6 s (client window 8 s − renewal 2 s): lower syncLimit × tickTime", warning, StringComparison.Ordinal);
        Assert.Empty(StoreFit.Warnings(TimingProfile.Proxmox, store));
    }

    private static StoreDescriptor Store(double shortest, double longest) => new(
        "test", "here", "1", Needed, new StoreLimits(1024, 1024, 32, TimeSpan.FromSeconds(shortest), TimeSpan.FromSeconds(longest)), TimeSpan.FromMilliseconds(100));
}
