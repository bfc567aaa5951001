using Ha.StoreServers.Containers;

namespace Ha.StoreServers.Tests;

/// <summary>Looks for what the servers of a test process left on the machine.</summary>
internal static class Leftovers
{
    /// <summary>The command lines of processes that work in the folders of a test process.</summary>
    public static IReadOnlyList<string> Processes(int owner) =>
        [.. Directory.EnumerateDirectories("/proc").Select(CommandLine).Where(l => l.Contains($"/ha-stores-{owner}-", StringComparison.Ordinal))];

    /// <summary>The names of containers and networks of a test process.</summary>
    public static async Task<IReadOnlyList<string>> ContainersAsync(int owner)
    {
        var engine = DockerEngine.Find(out _)!;
        var containers = await engine.RunAsync("ps", "--all", "--filter", $"name=ha-test-{owner}-", "--format", "{{.Names}}");
        var networks = await engine.RunAsync("network", "ls", "--filter", $"name=ha-test-{owner}-", "--format", "{{.Name}}");
        return [.. $"{containers}\n{networks}".Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // Not a process, or one that has just ended.
        }
    }
}
