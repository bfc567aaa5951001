using Ha.Watchdog.Tests.Support;

namespace Ha.Watchdog.Tests;

public sealed class DeviceTests
{
    private static readonly TimeSpan Ten = TimeSpan.FromSeconds(10);
    private readonly FakeJournal _journal = new();

    [Fact]
    public void A_device_is_set_up_before_it_is_used_and_says_who_it_is()
    {
        var device = new FakeDevice();
        DeviceSetup.Prepare(device, Ten, _journal);
        Assert.Equal(["set time-out", "get support"], device.Calls);
        Assert.Equal(["Watchdog driver 'fake', version 1a"], _journal.Lines);
    }

    [Fact]
    public void A_device_that_rounds_the_timeout_up_is_refused_and_disarmed()
    {
        var device = new FakeDevice { RoundsTimeoutTo = TimeSpan.FromSeconds(16) };
        var refusal = Assert.Throws<FatalException>(() => DeviceSetup.Prepare(device, Ten, _journal));
        Assert.Equal("watchdog set timeout: asked for 10 s, but the device has 16 s: use another device or a --hardware-timeout that it can keep", refusal.Message);
        Assert.Equal("disarm", device.Calls[^1]);
    }

    [Fact]
    public void A_device_that_fails_during_setup_is_disarmed()
    {
        FakeDevice[] devices = [new() { SetTimeoutError = "watchdog set timeout: no" }, new() { IdentityError = "read watchdog info: no" }];
        foreach (var device in devices)
        {
            Assert.Throws<FatalException>(() => DeviceSetup.Prepare(device, Ten, _journal));
            Assert.Equal("disarm", device.Calls[^1]);
        }
    }

    [Fact]
    public void A_keepalive_record_survives_its_file()
    {
        var buffer = TestDeviceRecord.Empty();
        TestDeviceRecord.Write(buffer, 42, Ten);
        Assert.Equal(new TestDeviceRecord(false, 42, Ten), TestDeviceRecord.Parse(buffer));
        Assert.Null(TestDeviceRecord.Parse(buffer.AsSpan(0, 20)));
        Assert.Null(TestDeviceRecord.Parse("something else"u8));
        TestDeviceRecord.Disarmed.CopyTo(buffer);
        Assert.True(TestDeviceRecord.Parse(buffer)?.IsDisarmed);
    }

    [Fact]
    public void A_timer_expires_when_two_looks_find_no_keepalive_in_time()
    {
        var rule = new ExpiryRule(Ten, armedAt: At(0));
        Assert.Null(rule.Look(Keepalive(1, 3), At(4)));
        Assert.Null(rule.Look(Keepalive(1, 3), At(13)));
        Assert.Null(rule.Look(Keepalive(1, 3), At(13.1)));
        Assert.Equal("no keepalive for 10 s", rule.Look(Keepalive(1, 3), At(13.2)));
    }

    [Fact]
    public void A_timer_that_was_not_looked_at_for_long_does_not_expire_if_keepalives_came()
    {
        var rule = new ExpiryRule(Ten, armedAt: At(0));
        Assert.Null(rule.Look(Keepalive(1, 1), At(1)));
        Assert.Null(rule.Look(Keepalive(40, 40), At(40.1)));
        Assert.Null(rule.Look(Keepalive(40, 40), At(40.2)));
    }

    [Fact]
    public void A_keepalive_that_came_too_late_does_not_save_the_node()
    {
        var rule = new ExpiryRule(Ten, armedAt: At(0));
        Assert.Null(rule.Look(Keepalive(1, 1), At(1)));
        Assert.Equal("a keepalive came only after 10 s", rule.Look(Keepalive(2, 12), At(12)));
    }

    [Fact]
    public void A_file_that_cannot_be_understood_is_no_keepalive()
    {
        var rule = new ExpiryRule(Ten, armedAt: At(0));
        Assert.Null(rule.Look(null, At(9)));
        Assert.Null(rule.Look(null, At(11)));
        Assert.NotNull(rule.Look(null, At(11.1)));
    }

    [Fact]
    public void A_keepalive_from_the_future_counts_from_when_it_was_seen()
    {
        var rule = new ExpiryRule(Ten, armedAt: At(0));
        Assert.Null(rule.Look(Keepalive(1, 1000), At(1)));
        Assert.Null(rule.Look(Keepalive(1, 1000), At(11.1)));
        Assert.NotNull(rule.Look(Keepalive(1, 1000), At(11.2)));
    }

    private static TimeSpan At(double second) => TimeSpan.FromSeconds(second);

    private static TestDeviceRecord Keepalive(ulong count, double at) => new(false, count, At(at));
}
