using Ha.Hosting.Statistics;

namespace Ha.Node.Statistics;

/// <summary>What this machine has and uses.</summary>
/// <param name="proc">The kernel's texts.</param>
internal sealed class MachineSampler(ProcText proc)
{
    private static readonly string[] PressureKinds = ["cpu", "io", "memory"];

    private (ulong Busy, ulong Total)? _before;

    /// <summary>Takes a sample. Cores in use are those since the sample before, so the first one does not have them.</summary>
    /// <exception cref="IOException">A text cannot be read.</exception>
    /// <exception cref="FormatException">A text is not as the kernel writes it.</exception>
    public NodeUsage Sample()
    {
        var stat = proc.Read("stat").Split('\n');
        var cores = stat.Count(l => l.StartsWith("cpu", StringComparison.Ordinal) && l.Length > 3 && char.IsAsciiDigit(l[3]));
        var memory = proc.Read("meminfo").Split('\n');
        var (total, available) = (KiloBytes(memory, "MemTotal:"), KiloBytes(memory, "MemAvailable:"));
        return new NodeUsage
        {
            MaxCpu = cores > 0 ? cores : throw new FormatException("'stat' names no processor"),
            MaxMemoryBytes = total,
            Cpu = BusyShare(stat[0]) is { } share ? Math.Round(share * cores, 2) : null,
            MemoryBytes = total > available ? total - available : 0,
            Load = proc.TryRead("loadavg") is { } load ? ProcText.Decimal(load.Split(' ')[0]) : null,
            Pressure = Pressures(),
        };
    }

    // The first line: ticks of all processors for user, nice, system, idle, waiting for disks, interrupts (two), and what the hypervisor took. Ticks
    // of guests follow; they are part of the first two.
    private double? BusyShare(string line)
    {
        var ticks = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(ProcText.Whole).ToArray();
        if (!line.StartsWith("cpu ", StringComparison.Ordinal) || ticks.Length < 4)
            throw new FormatException("'stat' does not begin with the ticks of all processors");
        var total = ticks.Aggregate(0UL, (sum, t) => sum + t);
        var idle = ticks[3] + (ticks.Length > 4 ? ticks[4] : 0);
        var now = (Busy: total - idle, Total: total);
        var before = _before;
        _before = now;
        // The ticks of a processor that goes offline go with it.
        return before is { } last && now.Total > last.Total ? Math.Clamp((double)now.Busy - last.Busy, 0, now.Total - last.Total) / (now.Total - last.Total) : null;
    }

    private static ulong KiloBytes(string[] lines, string name)
    {
        var line = lines.FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal)) ?? throw new FormatException($"'meminfo' has no {name}");
        return ProcText.Whole(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim()) * 1024;
    }

    private SortedList<string, double> Pressures()
    {
        var pressures = new SortedList<string, double>(StringComparer.Ordinal);
        foreach (var kind in PressureKinds)
        {
            var some = proc.TryRead($"pressure/{kind}")?.Split('\n').FirstOrDefault(l => l.StartsWith("some ", StringComparison.Ordinal));
            var average = some?.Split(' ').FirstOrDefault(w => w.StartsWith("avg10=", StringComparison.Ordinal));
            if (average is not null && ProcText.Decimal(average["avg10=".Length..]) is { } percent)
                pressures[kind] = percent;
        }

        return pressures;
    }
}
