using Ha.Core.Platform;

namespace Ha.Hosting.Clocks;

/// <summary>Pauses on a clock.</summary>
/// <param name="time">Counts.</param>
public sealed class TimePause(TimeProvider time) : IPause
{
    /// <inheritdoc/>
    public Task ForAsync(TimeSpan span, CancellationToken cancel) => Task.Delay(span, time, cancel);
}
