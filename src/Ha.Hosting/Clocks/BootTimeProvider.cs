namespace Ha.Hosting.Clocks;

/// <summary>The daemons' time: time stamps count suspended time (CLOCK_BOOTTIME), so that an interval is never shorter than it was in the
/// world. Wall time and timers are the system's; a timer that was due during a suspend fires after it.</summary>
public sealed class BootTimeProvider : TimeProvider
{
    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp() => LinuxClock.SinceBoot.Ticks;
}
