namespace Ha.Core.Model;

/// <summary>A moment on one process's monotonic clock. Moments of two clocks, or of two processes, do not compare.</summary>
/// <param name="SinceOrigin">Time since the clock's own, arbitrary origin.</param>
public readonly record struct Instant(TimeSpan SinceOrigin) : IComparable<Instant>
{
    /// <inheritdoc/>
    public int CompareTo(Instant other) => SinceOrigin.CompareTo(other.SinceOrigin);

    /// <summary>The moment a while later.</summary>
    public static Instant operator +(Instant instant, TimeSpan span) => new(instant.SinceOrigin + span);

    /// <summary>The moment a while earlier.</summary>
    public static Instant operator -(Instant instant, TimeSpan span) => new(instant.SinceOrigin - span);

    /// <summary>The time between two moments.</summary>
    public static TimeSpan operator -(Instant left, Instant right) => left.SinceOrigin - right.SinceOrigin;

    /// <summary>Earlier.</summary>
    public static bool operator <(Instant left, Instant right) => left.SinceOrigin < right.SinceOrigin;

    /// <summary>Later.</summary>
    public static bool operator >(Instant left, Instant right) => left.SinceOrigin > right.SinceOrigin;

    /// <summary>Not later.</summary>
    public static bool operator <=(Instant left, Instant right) => left.SinceOrigin <= right.SinceOrigin;

    /// <summary>Not earlier.</summary>
    public static bool operator >=(Instant left, Instant right) => left.SinceOrigin >= right.SinceOrigin;
}
