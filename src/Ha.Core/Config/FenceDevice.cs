using System.Collections.Immutable;

namespace Ha.Core.Config;

/// <summary>A fence device: an alternative for the nodes connected to it. All of its sub-devices act together, and all must succeed.</summary>
/// <param name="Name">Its name; unique.</param>
/// <param name="SubDevices">Its sub-devices by number: digits, sorted as text.</param>
public sealed record FenceDevice(string Name, ImmutableSortedDictionary<string, FenceSubDevice> SubDevices)
{
    /// <summary>The calls that fence a node with this device, by number as text; empty if it does not know the node.</summary>
    public ImmutableArray<FenceCommand> Commands(string node) =>
    [
        .. from sub in SubDevices
           where sub.Value.Nodes.ContainsKey(node)
           select new FenceCommand(sub.Value.Agent, sub.Key, [.. sub.Value.Arguments, .. sub.Value.Nodes[node]]),
    ];
}

/// <summary>One of the parts of a device that act together.</summary>
/// <param name="Agent">The program that operates it.</param>
/// <param name="Arguments">Parameters for every node; at least one.</param>
/// <param name="Nodes">The nodes connected to it, each with its own parameters, sorted.</param>
public sealed record FenceSubDevice(string Agent, ImmutableArray<string> Arguments, ImmutableSortedDictionary<string, ImmutableArray<string>> Nodes)
{
    /// <summary>No node.</summary>
    public static ImmutableSortedDictionary<string, ImmutableArray<string>> NoNodes { get; } =
        ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);
}
