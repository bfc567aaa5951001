using Ha.LocalCluster.Processes;

namespace Ha.LocalCluster.Measuring;

/// <summary>Measures what the daemons cost while nothing happens.</summary>
/// <param name="time">Counts the interval.</param>
public sealed class FootprintMeter(TimeProvider time)
{
    /// <summary>How long processor time is measured.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>Measures the daemons of all nodes at once.</summary>
    public async Task<IReadOnlyList<Footprint>> MeasureAsync(LocalNodes nodes, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        var processes = nodes.All.Values.SelectMany(ProcessesOf).ToList();
        var before = processes.ConvertAll(p => ProcessTable.ProcessorTime(p.Id));
        await Task.Delay(Interval, time, cancel);
        return [.. processes.Select((process, index) =>
        {
            var (own, children) = ProcessTable.ProcessorTime(process.Id);
            var (resident, proportional) = ProcessTable.Memory(process.Id);
            return new Footprint(process.Node, process.Program, resident, proportional, own - before[index].Own, children - before[index].Children);
        })];
    }

    private static IEnumerable<(string Node, string Program, int Id)> ProcessesOf(LocalNode node)
    {
        foreach (var daemon in new[] { "crm", "lrm" })
        {
            if (node.DaemonOf(daemon) is { } id)
                yield return (node.Name.Value, daemon, id);
        }

        foreach (var id in node.ProcessesWith("watchdog-mux --socket"))
            yield return (node.Name.Value, "mux", id);
        foreach (var id in node.ProcessesWith("ha-node run"))
            yield return (node.Name.Value, "supervisor", id);
    }
}
