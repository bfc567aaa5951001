using Ha.Testing;

namespace Ha.Conformance;

/// <summary>A store whose every timer runs on virtual time.</summary>
public abstract class VirtualCluster : StoreCluster
{
    /// <summary>The store's time.</summary>
    protected ManualTimeProvider Time { get; } = new();

    /// <inheritdoc/>
    public override Task AdvanceAsync(TimeSpan span)
    {
        Advance(span);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override void JumpWallClock(TimeSpan by) => Time.JumpWallClock(by);

    /// <inheritdoc/>
    public override void WatchTurn() => Advance(TimeSpan.FromMilliseconds(50));

    private void Advance(TimeSpan span)
    {
        var until = Time.Elapsed + span;
        while (Time.Elapsed < until)
        {
            // Timers must find the lease clocks at their own due time, not at the end.
            var next = Time.NextDue is { } due && due < until ? due : until;
            var step = next > Time.Elapsed ? next - Time.Elapsed : TimeSpan.Zero;
            AdvanceClocks(step);
            Time.Advance(step);
        }
    }
}

/// <summary>A store whose timers run on real time. Leases expire in virtual time all the same, since their clocks are the test's.</summary>
public abstract class RealTimeCluster : StoreCluster
{
    /// <summary>The store's time.</summary>
    protected ShiftedTimeProvider Time { get; } = new(TimeProvider.System);

    /// <inheritdoc/>
    public override Task AdvanceAsync(TimeSpan span)
    {
        AdvanceClocks(span);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override void JumpWallClock(TimeSpan by) => Time.JumpWallClock(by);

    /// <inheritdoc/>
    public override void WatchTurn()
    {
    }
}
