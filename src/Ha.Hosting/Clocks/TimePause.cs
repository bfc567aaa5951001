using Ha.Core.Platform;

namespace Ha.Node.Platform;

/// <summary>Pauses in real time.</summary>
/// <param name="time">Counts.</param>
internal sealed class TimePause(TimeProvider time) : IPause
{
    public Task ForAsync(TimeSpan span, CancellationToken cancel) => Task.Delay(span, time, cancel);
}
