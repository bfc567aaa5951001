namespace Ha.LocalCluster.Processes;

/// <summary>The programs that a node runs, and the command line.</summary>
/// <param name="Node"><c>ha-node</c>.</param>
/// <param name="Mux"><c>watchdog-mux</c>.</param>
/// <param name="Manager"><c>ha-manager</c>.</param>
public sealed record Programs(string Node, string Mux, string Manager)
{
    /// <summary>Finds them: beside this program, or in a checkout where they were built with the same configuration.</summary>
    /// <param name="directory">Where this program is.</param>
    /// <exception cref="LocalClusterException">One is missing; the message names all places looked at.</exception>
    public static Programs Find(string directory) =>
        new(Find(directory, "Ha.Node", "ha-node"), Find(directory, "Ha.Watchdog", "watchdog-mux"), Find(directory, "Ha.Cli", "ha-manager"));

    private static string Find(string directory, string project, string program)
    {
        var places = new List<string>();
        // In a checkout this is <root>/<src or tests>/<project>/bin/<configuration>/<framework>.
        if (new DirectoryInfo(directory.TrimEnd('/')) is { Parent: { Parent: { Name: "bin", Parent.Parent.Parent: { } root } } configuration } framework)
            places.Add(Path.Combine(root.FullName, "src", project, "bin", configuration.Name, framework.Name, program));
        places.Add(Path.Combine(directory, program));
        return places.Find(File.Exists)
            ?? throw new LocalClusterException($"program '{program}' is missing: build it with './ha build' (looked for {string.Join(" and ", places)})");
    }
}
