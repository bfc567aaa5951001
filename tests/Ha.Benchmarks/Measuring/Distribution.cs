using System.Globalization;

namespace Ha.Benchmarks.Measuring;

/// <summary>Durations, sorted; at least one.</summary>
internal sealed class Distribution(IEnumerable<TimeSpan> values)
{
    private readonly List<TimeSpan> _sorted = [.. values.Order()];

    public int Count => _sorted.Count;

    public TimeSpan Min => _sorted[0];

    public TimeSpan Worst => _sorted[^1];

    /// <summary>The smallest value that a share of all values does not exceed.</summary>
    /// <param name="share">Above 0, to 1: 0.5 is the median.</param>
    public TimeSpan At(double share) => _sorted[Math.Max(0, (int)Math.Ceiling(share * _sorted.Count) - 1)];

    /// <summary>In milliseconds, for people.</summary>
    public string InMilliseconds() => string.Create(
        CultureInfo.InvariantCulture,
        $"p50 {At(0.5).TotalMilliseconds:0.0} ms, p99 {At(0.99).TotalMilliseconds:0.0} ms, worst {Worst.TotalMilliseconds:0.0} ms");

    /// <summary>In seconds, for people.</summary>
    public string InSeconds() => string.Create(
        CultureInfo.InvariantCulture,
        $"min {Min.TotalSeconds:0.00} s, median {At(0.5).TotalSeconds:0.00} s, p95 {At(0.95).TotalSeconds:0.00} s, worst {Worst.TotalSeconds:0.00} s");
}
