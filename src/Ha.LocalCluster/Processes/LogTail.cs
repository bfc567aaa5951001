namespace Ha.LocalCluster.Processes;

/// <summary>The last words of every daemon, for a failure.</summary>
public static class LogTail
{
    private const int MostLines = 12;

    /// <summary>The lines.</summary>
    /// <param name="folder">Where the nodes' logs are.</param>
    public static IEnumerable<string> Of(string folder) => Directory.EnumerateFiles(folder, "*.log").Order(StringComparer.Ordinal)
        .SelectMany(file => Of(File.ReadLines(file)));

    /// <summary>The last lines of each source; a line begins with its source and a bar.</summary>
    public static IEnumerable<string> Of(IEnumerable<string> log) => log.GroupBy(line => line.Split(" | ", 2)[0]).SelectMany(source => source.TakeLast(MostLines));
}
