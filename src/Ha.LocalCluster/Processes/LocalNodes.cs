using System.Diagnostics;
using Ha.Core.Model;

namespace Ha.LocalCluster.Processes;

/// <summary>The nodes of a local cluster and the end of them all.</summary>
/// <param name="folder">Where their files are.</param>
/// <param name="programs">What they run.</param>
/// <param name="count">How many.</param>
public sealed class LocalNodes(ClusterFolder folder, Programs programs, int count = 3)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>The nodes, by name.</summary>
    public SortedList<NodeName, LocalNode> All { get; } = new(
        Enumerable.Range(1, count).Select(number => NodeName.Parse($"node{number}")).ToDictionary(name => name, name => new LocalNode(name, folder, programs)));

    /// <summary>Ends every process of the cluster, whatever state it is in, and waits until they are gone.</summary>
    /// <returns>What is left; empty, or something is badly wrong.</returns>
    public IReadOnlyList<string> End()
    {
        // First the watchdogs' timers, which are no part of the nodes: they would reset what is gone.
        foreach (var (id, _) in Left().Where(p => p.CommandLine.Contains(" test-device ", StringComparison.Ordinal)))
            Signal.Kill(id);
        foreach (var node in All.Values)
            node.Kill();

        var since = Stopwatch.GetTimestamp();
        while (Left() is { Count: > 0 } left)
        {
            if (Stopwatch.GetElapsedTime(since) > Patience)
                return [.. left.Select(p => $"{p.Id} {p.CommandLine}")];
            foreach (var (id, _) in left)
                Signal.Kill(id);
            Thread.Sleep(Poll);
        }

        foreach (var node in All.Values)
            node.Dispose();
        return [];
    }

    // One of our programs that names our folder, whose name is random: ours, also if it is in no group any more. What an administrator
    // may be looking at the folder with is none of our business.
    private List<(int Id, string CommandLine)> Left()
    {
        string[] ours = [programs.Node, programs.Mux, $"{folder.Service} "];
        return [.. ProcessTable.Mentioning(folder.Path).Where(p => ours.Any(program => p.CommandLine.Contains(program, StringComparison.Ordinal)))];
    }
}
