using System.Globalization;

namespace Ha.LocalCluster.Processes;

/// <summary>The kernel's table of processes.</summary>
public static class ProcessTable
{
    /// <summary>The processes with a text in their command line, without those that have ended and were not collected yet.</summary>
    public static IEnumerable<(int Id, string CommandLine)> Mentioning(string text)
    {
        foreach (var id in Ids().Where(id => id != Environment.ProcessId))
        {
            // An ended process has an empty command line.
            var commandLine = Read($"/proc/{id}/cmdline").Replace('\0', ' ');
            if (commandLine.Contains(text, StringComparison.Ordinal))
                yield return (id, commandLine);
        }
    }

    /// <summary>The groups of all processes that live; one that has ended and was not collected yet does not.</summary>
    public static IReadOnlySet<int> LivingGroups() =>
        Ids().Select(Fields).Where(f => f is [not "Z" and not "X", _, _, ..]).Select(f => int.Parse(f[2], CultureInfo.InvariantCulture)).ToHashSet();

    /// <summary>The process group of a process; null if there is no such process.</summary>
    public static int? GroupOf(int processId) => Fields(processId) is { Length: > 2 } fields ? int.Parse(fields[2], CultureInfo.InvariantCulture) : null;

    /// <summary>The processor time that a process, and the children it has waited for, have used.</summary>
    public static (TimeSpan Own, TimeSpan Children) ProcessorTime(int processId)
    {
        // Clock ticks; Linux shows programs a hundred a second on every architecture.
        var fields = Fields(processId);
        return fields.Length < 15 ? default : (Ticks(11) + Ticks(12), Ticks(13) + Ticks(14));

        TimeSpan Ticks(int index) => TimeSpan.FromMilliseconds(10 * long.Parse(fields[index], CultureInfo.InvariantCulture));
    }

    /// <summary>The memory of a process in KiB: resident, and its fair share of what it shares with others.</summary>
    public static (long Resident, long Proportional) Memory(int processId) =>
        (Number(Read($"/proc/{processId}/status"), "VmRSS:"), Number(Read($"/proc/{processId}/smaps_rollup"), "Pss:"));

    private static IEnumerable<int> Ids() => Directory.EnumerateDirectories("/proc")
        .Select(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id > 0);

    private static string[] Fields(int processId)
    {
        // The name, in brackets, may hold anything; what follows begins with the state.
        var text = Read($"/proc/{processId}/stat");
        var end = text.LastIndexOf(')');
        return end < 0 ? [] : text[(end + 2)..].Split(' ');
    }

    private static long Number(string text, string name)
    {
        var line = text.Split('\n').FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line[name.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // It has just ended, or is another user's.
        }
    }
}
