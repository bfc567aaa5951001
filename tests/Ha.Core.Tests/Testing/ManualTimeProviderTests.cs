using Ha.Testing;

namespace Ha.Core.Tests.Testing;

public sealed class ManualTimeProviderTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _fired = [];

    [Fact]
    public void Timers_fire_in_order_of_due_time_then_of_arming_and_see_their_own_time()
    {
        using var late = Arm("late", 3);
        using var first = Arm("first", 2);
        using var second = Arm("second", 2);
        _time.Advance(TimeSpan.FromSeconds(2.5));
        Assert.Equal(["first at 2", "second at 2"], _fired);
        _time.Advance(TimeSpan.FromSeconds(0.5));

        Assert.Equal("late at 3", _fired[^1]);
        Assert.Equal(TimeSpan.FromSeconds(3), _time.Elapsed);
    }

    [Fact]
    public void A_timer_armed_by_a_timer_fires_within_the_same_advance_and_a_period_repeats()
    {
        ITimer? inner = null;
        using var outer = _time.CreateTimer(_ => inner = Arm("inner", 1), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        using var tick = _time.CreateTimer(_ => _fired.Add("tick"), null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));
        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(["tick", "inner at 2", "tick", "tick"], _fired);
        inner?.Dispose();
    }

    [Fact]
    public void A_disposed_or_stopped_timer_is_silent_and_wall_jumps_move_no_timer()
    {
        Arm("disposed", 1).Dispose();
        using var stopped = Arm("stopped", 1);
        stopped.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        using var kept = Arm("kept", 5);
        var wall = _time.GetUtcNow();
        _time.JumpWallClock(TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromSeconds(4));

        Assert.Empty(_fired);
        Assert.Equal(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(4), _time.GetUtcNow() - wall);
        Assert.Equal(TimeSpan.FromSeconds(5), _time.NextDue);
    }

    private ITimer Arm(string name, double seconds) =>
        _time.CreateTimer(_ => _fired.Add($"{name} at {_time.Elapsed.TotalSeconds}"), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
}
