using Ha.Simulator.Hardware;

namespace Ha.Simulator.Scenario;

/// <summary>Reads <c>static_service_stats</c> and <c>dynamic_service_stats</c>.</summary>
internal static class UsageReader
{
    /// <summary>The statistics; every configured service has the same size, and every sized one the same usage, where there is no file.</summary>
    public static UsageStatistics Read(JsonValue? sizes, JsonValue? usage, ServiceTable services)
    {
        var statistics = new UsageStatistics();
        if (sizes is null)
            Fill(statistics.Static, services.Entries.Keys, ("maxcpu", 4), ("maxmem", 4294967296));
        else
            ReadInto(statistics.Static, sizes);
        if (usage is null)
            Fill(statistics.Dynamic, statistics.Static.Keys, ("cpu", 2), ("mem", 2147483648));
        else
            ReadInto(statistics.Dynamic, usage);
        return statistics;
    }

    private static void Fill(SortedDictionary<string, SortedDictionary<string, double>> statistics, IEnumerable<string> ids, params (string, double)[] values)
    {
        foreach (var id in ids)
            UsageStatistics.Merge(statistics, id, values);
    }

    private static void ReadInto(SortedDictionary<string, SortedDictionary<string, double>> statistics, JsonValue root)
    {
        foreach (var (id, value) in root.AsObject("the services' statistics"))
            UsageStatistics.Merge(statistics, id, value.AsObject($"the statistics of '{id}'").Select(m => (m.Key, m.Value.AsNumber())));
    }
}
