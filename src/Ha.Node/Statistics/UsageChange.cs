using Ha.Hosting.Statistics;

namespace Ha.Node.Statistics;

/// <summary>Whether usage has changed so much that others should know. Pure.</summary>
internal static class UsageChange
{
    /// <summary>The share of the node's cores or memory that matters.</summary>
    public const double Matters = 0.05;

    /// <summary>Whether the second differs from the first by more than what always wavers.</summary>
    public static bool IsNews(NodeUsage before, NodeUsage now)
    {
        if ((before.MaxCpu, before.MaxMemoryBytes, before.IsSampled) != (now.MaxCpu, now.MaxMemoryBytes, now.IsSampled))
            return true;
        return Differs(now, UsageOf(before), UsageOf(now))
            || before.Services.Count != now.Services.Count
            || now.Services.Any(s => !before.Services.TryGetValue(s.Key, out var last) || Differs(now, last, s.Value));
    }

    private static ServiceUsage UsageOf(NodeUsage node) => new(node.Cpu ?? 0, node.MemoryBytes ?? 0);

    private static bool Differs(NodeUsage node, ServiceUsage before, ServiceUsage now) =>
        Math.Abs(before.Cpu - now.Cpu) >= Matters * node.MaxCpu
        || Math.Abs((double)before.MemoryBytes - now.MemoryBytes) >= Matters * node.MaxMemoryBytes;
}
