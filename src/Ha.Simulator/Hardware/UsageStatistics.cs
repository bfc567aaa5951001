namespace Ha.Simulator.Hardware;

/// <summary>What the services are sized for and what they use: <c>maxcpu</c> and <c>maxmem</c>, <c>cpu</c> and <c>mem</c>; cores and bytes.</summary>
public sealed class UsageStatistics
{
    /// <summary>Sizes by service and name.</summary>
    public SortedDictionary<string, SortedDictionary<string, double>> Static { get; } = new(StringComparer.Ordinal);

    /// <summary>Measured usage by service and name.</summary>
    public SortedDictionary<string, SortedDictionary<string, double>> Dynamic { get; } = new(StringComparer.Ordinal);

    /// <summary>Merges values into a service's entry.</summary>
    public static void Merge(SortedDictionary<string, SortedDictionary<string, double>> statistics, string id, IEnumerable<(string Name, double Value)> values)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(values);
        if (!statistics.TryGetValue(id, out var entry))
            statistics[id] = entry = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var (name, value) in values)
            entry[name] = value;
    }
}
