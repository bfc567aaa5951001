using Ha.Core.Model;
using Ha.Simulator.Hardware;

namespace Ha.Simulator.Tests.Hardware;

public class WatchdogTableTests
{
    private static readonly NodeName Node1 = NodeName.Parse("node1");
    private static readonly NodeName Node2 = NodeName.Parse("node2");

    private readonly HardwareClock _clock = new();
    private readonly WatchdogTable _table;

    public WatchdogTableTests() => _table = new WatchdogTable(_clock);

    [Fact]
    public void A_watchdog_expires_when_it_is_older_than_60_seconds()
    {
        _table.Open(Node1);
        _clock.ReachAtLeast(60);
        Assert.False(_table.TakeExpired(Node1));
        _clock.ReachAtLeast(61);
        Assert.False(_table.TakeExpired(Node2));
        Assert.True(_table.TakeExpired(Node1));
        Assert.False(_table.TakeExpired(Node1));
    }

    [Fact]
    public void An_update_keeps_it_alive_unless_it_comes_too_late()
    {
        var handle = _table.Open(Node1);
        _clock.ReachAtLeast(60);
        _table.Update(handle);
        _clock.ReachAtLeast(120);
        Assert.False(_table.TakeExpired(Node1));
        _clock.ReachAtLeast(121);
        Assert.Equal("watchdog expired", Assert.Throws<SimulationException>(() => _table.Update(handle)).Message);
        Assert.Equal("watchdog expired", Assert.Throws<SimulationException>(() => _table.Close(handle)).Message);
    }

    [Fact]
    public void A_handle_that_was_closed_or_reset_is_unknown()
    {
        var (closed, reset) = (_table.Open(Node1), _table.Open(Node2));
        _table.Close(closed);
        _table.Reset(Node2);
        Assert.Equal($"no such watchdog handle '{closed}'", Assert.Throws<SimulationException>(() => _table.Update(closed)).Message);
        Assert.Equal($"no such watchdog handle '{reset}'", Assert.Throws<SimulationException>(() => _table.Close(reset)).Message);
    }
}
