namespace Ha.Testing;

/// <summary>Real time whose wall clock the test can set: for stores that can only run in real time.</summary>
/// <param name="inner">The time underneath.</param>
public sealed class ShiftedTimeProvider(TimeProvider inner) : TimeProvider
{
    private long _shiftTicks;

    /// <inheritdoc/>
    public override long TimestampFrequency => inner.TimestampFrequency;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long GetTimestamp() => inner.GetTimestamp();

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow().AddTicks(Interlocked.Read(ref _shiftTicks));

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        inner.CreateTimer(callback, state, dueTime, period);

    /// <summary>Sets the wall clock forward or back. Timers and timestamps do not notice.</summary>
    public void JumpWallClock(TimeSpan by) => Interlocked.Add(ref _shiftTicks, by.Ticks);
}
