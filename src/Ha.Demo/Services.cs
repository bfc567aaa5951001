using Ha.LocalCluster.Observing;

namespace Ha.Demo;

/// <summary>The six services of the demo, two for each node at first.</summary>
internal static class Services
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<JournaledService> All { get; } = [.. new[] { "cache", "mail", "queue", "search", "shop", "web" }.Select(n => new JournaledService(n))];
}
