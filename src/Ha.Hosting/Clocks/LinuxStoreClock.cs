using Ha.Core.Model;
using Ha.Core.Stores;

namespace Ha.Hosting.Clocks;

/// <summary>The clocks of leases on Linux: a holder counts suspended time (CLOCK_BOOTTIME), an observer does not (CLOCK_MONOTONIC).</summary>
public sealed class LinuxStoreClock : IStoreClock
{
    /// <inheritdoc/>
    public Instant HolderNow => new(LinuxClock.SinceBoot);

    /// <inheritdoc/>
    public Instant ObserverNow => new(LinuxClock.SinceBootAwake);
}
