using Ha.Core.Lrm;
using Ha.Core.Model;
using Ha.Core.Platform;

namespace Ha.Core.Tests.Lrm;

public sealed class ShutdownPolicyTests
{
    private static readonly HostShutdown PowerOff = new(true, false);
    private static readonly HostShutdown Reboot = new(true, true);

    [Theory]
    [InlineData("conditional", false, LrmMode.Shutdown, true, "shutdown LRM, stop all services")]
    [InlineData("conditional", true, LrmMode.Restart, true, "reboot LRM, stop and freeze all services")]
    [InlineData("freeze", false, LrmMode.Restart, true, "shutdown LRM, stop and freeze all services")]
    [InlineData("failover", true, LrmMode.Shutdown, true, "shutdown LRM, stop all services")]
    [InlineData("migrate", true, LrmMode.Maintenance, false, "reboot LRM, doing maintenance, removing this node from active list")]
    public void A_node_that_goes_down_follows_its_policy(string policy, bool reboot, LrmMode mode, bool stops, string text)
    {
        var plan = ShutdownPolicy.Plan(policy, reboot ? Reboot : PowerOff, LrmMode.Active);
        Assert.Equal((mode, stops), (plan.Mode, plan.StopsServices));
        Assert.Equal([$"got shutdown request with shutdown policy '{policy}'", text], plan.Lines.Select(l => l.Text));
    }

    [Fact]
    public void Maintenance_outlasts_every_policy()
    {
        Assert.All(
            new[] { "conditional", "freeze", "failover", "migrate", "nonsense" },
            p => Assert.Equal(LrmMode.Maintenance, ShutdownPolicy.Plan(p, Reboot, LrmMode.Maintenance).Mode));
    }

    [Fact]
    public void A_restart_of_the_daemon_stops_nothing_and_freezes()
    {
        var plan = ShutdownPolicy.Plan("failover", default, LrmMode.Active);
        Assert.Equal((LrmMode.Restart, false), (plan.Mode, plan.StopsServices));
        Assert.Equal(["restart LRM, freeze all services"], plan.Lines.Select(l => l.Text));
    }

    [Fact]
    public void An_unknown_policy_is_reported_and_acts_as_conditional()
    {
        var plan = ShutdownPolicy.Plan("nonsense", PowerOff, LrmMode.Active);
        Assert.Equal(LrmMode.Shutdown, plan.Mode);
        Assert.Contains(new LogLine(2013, Severity.Error, "unknown shutdown policy 'nonsense', fall back to conditional"), plan.Lines);
    }
}
