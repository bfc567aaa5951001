namespace Ha.Backends.Consul.Wire;

/// <summary>The time one call may take, all its attempts included.</summary>
/// <param name="time">Counts it.</param>
/// <param name="total">How long.</param>
internal readonly struct Budget(TimeProvider time, TimeSpan total)
{
    private readonly long _from = time.GetTimestamp();

    public TimeSpan Total => total;

    public TimeSpan Remaining => total - time.GetElapsedTime(_from);
}
