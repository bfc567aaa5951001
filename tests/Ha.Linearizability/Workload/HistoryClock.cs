using Ha.Linearizability.Checking;

namespace Ha.Linearizability.Workload;

/// <summary>Gives moments of a history their order and time. Safe to use from several threads.</summary>
/// <param name="time">The test's time.</param>
public sealed class HistoryClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private readonly Lock _gate = new();
    private long _last;

    /// <summary>The test's time.</summary>
    public TimeProvider Time => time;

    /// <summary>Time since the start of the run.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    /// <summary>A moment after all earlier ones.</summary>
    public Moment Now()
    {
        // Both under one lock, so that order and time agree.
        lock (_gate)
            return new Moment(++_last, Elapsed);
    }
}
