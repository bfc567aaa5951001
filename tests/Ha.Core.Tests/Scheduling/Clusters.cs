using Ha.Core.Model;
using Ha.Core.Scheduling;

namespace Ha.Core.Tests.Scheduling;

/// <summary>Clusters with known answers.</summary>
internal static class Clusters
{
    public const ulong Mebibyte = 1 << 20;
    public const ulong Gibibyte = 1 << 30;

    /// <summary>Three nodes of the same size, loaded in different ways.</summary>
    public static readonly NodeLoad[] Homogeneous = [Node(1.7, 16, 12334, 64), Node(15.184, 16, 529, 64), Node(5.2, 16, 9381, 64)];

    /// <summary>Three nodes of different sizes.</summary>
    public static readonly NodeLoad[] Heterogeneous = [Node(1.7, 16, 12334, 128), Node(15.184, 32, 529, 96), Node(5.2, 24, 9381, 64)];

    public static NodeLoad[] Named(string name) => name switch
    {
        "H" => Homogeneous,
        "X" => Heterogeneous,
        _ => throw new ArgumentException(name, nameof(name)),
    };

    public static NodeName[] Names(int count) => [.. Enumerable.Range(1, count).Select(i => NodeName.Parse($"node{i}"))];

    private static NodeLoad Node(double cpu, double maxCpu, ulong memoryMebibytes, ulong maxMemoryGibibytes) =>
        new(cpu, maxCpu, memoryMebibytes * Mebibyte, maxMemoryGibibytes * Gibibyte);
}
