using Ha.Simulator.Hardware;
using Ha.Simulator.Nodes;

namespace Ha.Simulator.Tests.Nodes;

public class DaemonClockTests
{
    private readonly HardwareClock _hardware = new();
    private readonly DaemonClock _clock;

    public DaemonClockTests() => _clock = new DaemonClock(_hardware);

    [Fact]
    public void A_round_takes_one_second_however_long_its_pauses_are()
    {
        _hardware.ReachAtLeast(100);
        _clock.BeginRound();
        _clock.Pause(250);
        Assert.Equal(100, _clock.Now);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(100), _clock.GetUtcNow());
        _clock.EndRound();
        Assert.Equal(101, _clock.Now);
    }

    [Fact]
    public void A_round_may_pause_for_300_seconds_in_all()
    {
        _clock.BeginRound();
        _clock.Pause(300);
        _clock.EndRound();
        _hardware.ReachAtLeast(20);
        _clock.BeginRound();
        _clock.Pause(301);
        Assert.Equal("loop took too long (301 seconds)", Assert.Throws<SimulationException>(_clock.EndRound).Message);
    }

    [Fact]
    public void A_round_cannot_begin_before_the_last_one_has_ended()
    {
        _clock.BeginRound();
        _clock.EndRound();
        Assert.Equal("strange start time", Assert.Throws<SimulationException>(_clock.BeginRound).Message);
    }

    [Fact]
    public void The_time_since_the_start_is_the_clock_itself()
    {
        _hardware.ReachAtLeast(7);
        _clock.Synchronise();
        Assert.Equal(TimeSpan.FromSeconds(7), _clock.GetElapsedTime(0));
        Assert.Equal(TimeSpan.FromSeconds(7), _clock.HolderNow.SinceOrigin);
    }

    [Fact]
    public void The_hardware_clock_never_goes_back()
    {
        _hardware.ReachAtLeast(20);
        _hardware.ReachAtLeast(10);
        Assert.Equal(20, _hardware.Now);
    }
}
