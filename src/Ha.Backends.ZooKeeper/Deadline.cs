namespace Ha.Backends.ZooKeeper;

/// <summary>When a call must have ended.</summary>
internal readonly record struct Deadline(TimeProvider Time, long Start, TimeSpan Span)
{
    public static Deadline In(TimeSpan span, TimeProvider time) => new(time, time.GetTimestamp(), span);

    /// <summary>What is left; never negative.</summary>
    public TimeSpan Remaining
    {
        get
        {
            var left = Span - Time.GetElapsedTime(Start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }
}
