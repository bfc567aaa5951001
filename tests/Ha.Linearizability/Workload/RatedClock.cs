using Ha.Core.Model;
using Ha.Core.Stores;

namespace Ha.Linearizability.Workload;

/// <summary>Lease clocks of one client that run at a rate of their own against the test's time.</summary>
/// <param name="time">The test's time.</param>
/// <param name="rate">1 is right, 1.05 is five per cent fast.</param>
public sealed class RatedClock(TimeProvider time, double rate = 1) : IStoreClock
{
    private readonly long _start = time.GetTimestamp();

    /// <inheritdoc/>
    public Instant HolderNow => new(TimeSpan.FromHours(1) + Passed);

    /// <inheritdoc/>
    public Instant ObserverNow => new(TimeSpan.FromMinutes(1) + Passed);

    private TimeSpan Passed => time.GetElapsedTime(_start) * rate;
}
