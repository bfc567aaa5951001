using Ha.Core.Model;
using Ha.Hosting.Statistics;

namespace Ha.Node.Statistics;

/// <summary>What the processes of this node's services use. A process belongs to a service if its environment says that it was started for it, on
/// this node: agents set <c>HA_RESOURCE</c>, <c>HA_NODE</c> and <c>HA_ACTION=start</c>, and descendants inherit them.</summary>
/// <param name="proc">The kernel's texts.</param>
/// <param name="self">This node.</param>
/// <param name="time">Measures between two samples.</param>
/// <param name="pageBytes">The size of a page of memory.</param>
internal sealed class ServiceSampler(ProcText proc, NodeName self, TimeProvider time, int pageBytes)
{
    /// <summary>The kernel's unit of processor time, for programs: the same on all machines.</summary>
    public const int TicksPerSecond = 100;

    // Strangers are not read in every sample. The number of one that has ended may be given to a process of a service.
    private const int SamplesBetweenLooks = 6;

    private readonly Dictionary<int, int> _strangers = [];
    private Dictionary<(int Process, ulong StartedAt), Tracked> _known = [];
    private long _sampledAt = time.GetTimestamp();
    private int _samples;

    /// <summary>Takes a sample: cores in use since the sample before, and memory in use now.</summary>
    public SortedList<ResourceId, ServiceUsage> Sample()
    {
        var seconds = time.GetElapsedTime(_sampledAt).TotalSeconds;
        _sampledAt = time.GetTimestamp();
        _samples++;
        var (now, services) = (new Dictionary<(int, ulong), Tracked>(), new SortedList<ResourceId, ServiceUsage>());
        var alive = new HashSet<int>();
        foreach (var process in proc.Processes)
        {
            alive.Add(process);
            if (_strangers.TryGetValue(process, out var lookedAt) && _samples - lookedAt < SamplesBetweenLooks)
                continue;
            if (proc.TryRead($"{process}/stat") is not { } text || Fields(text) is not { } fields)
                continue; // It has just ended.
            if ((_known.GetValueOrDefault((process, fields.StartedAt))?.Service ?? ServiceOf(process)) is not { } service)
            {
                _strangers[process] = _samples;
                continue;
            }

            _strangers.Remove(process);
            var before = _known.GetValueOrDefault((process, fields.StartedAt))?.Ticks ?? fields.Ticks;
            now[(process, fields.StartedAt)] = new Tracked(service, fields.Ticks);
            var cpu = seconds > 0 ? (double)(fields.Ticks - Math.Min(before, fields.Ticks)) / TicksPerSecond / seconds : 0;
            var sum = services.GetValueOrDefault(service);
            services[service] = new ServiceUsage(Math.Round(sum.Cpu + cpu, 4), sum.MemoryBytes + (fields.Pages * (ulong)pageBytes));
        }

        foreach (var gone in _strangers.Keys.Where(p => !alive.Contains(p)).ToList())
            _strangers.Remove(gone);
        _known = now;
        return services;
    }

    private ResourceId? ServiceOf(int process)
    {
        if (proc.TryRead($"{process}/environ") is not { } text)
            return null;
        var variables = text.Split('\0');
        return variables.Contains($"HA_NODE={self}", StringComparer.Ordinal) && variables.Contains("HA_ACTION=start", StringComparer.Ordinal)
            && variables.FirstOrDefault(v => v.StartsWith("HA_RESOURCE=", StringComparison.Ordinal)) is { } named
            && ResourceId.TryParse(named["HA_RESOURCE=".Length..], out var id)
            ? id
            : null;
    }

    // The name, in parentheses, may hold anything. Behind it, counted from 0: processor time in programs (11) and in the kernel (12), start (19), pages (21).
    private static (ulong Ticks, ulong StartedAt, ulong Pages)? Fields(string stat)
    {
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 21 ? (ProcText.Whole(fields[11]) + ProcText.Whole(fields[12]), ProcText.Whole(fields[19]), ProcText.Whole(fields[21])) : null;
    }

    private sealed record Tracked(ResourceId Service, ulong Ticks);
}
