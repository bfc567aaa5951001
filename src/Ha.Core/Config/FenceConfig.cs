using System.Collections.Immutable;

namespace Ha.Core.Config;

/// <summary>The fence devices of a cluster.</summary>
/// <param name="Devices">In the order in which they are tried. Their place is their priority, so no two can share one.</param>
public sealed record FenceConfig(ImmutableArray<FenceDevice> Devices)
{
    /// <summary>No devices.</summary>
    public static FenceConfig Empty { get; } = new(ImmutableArray<FenceDevice>.Empty);

    /// <summary>How many devices can fence a node.</summary>
    public int DeviceCount(string node) => Devices.Count(d => d.Commands(node).Length > 0);

    /// <summary>The calls that fence a node with one of the devices that know it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="attempt">Which of those devices, counted from 0; a negative number counts as 0.</param>
    /// <returns>At least one call; empty if there are not so many devices.</returns>
    public ImmutableArray<FenceCommand> Commands(string node, int attempt = 0) =>
        Devices.Select(d => d.Commands(node)).Where(c => c.Length > 0).Skip(attempt).FirstOrDefault(ImmutableArray<FenceCommand>.Empty);
}
