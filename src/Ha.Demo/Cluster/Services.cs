using Ha.Core.Model;
using Ha.Demo.Processes;

namespace Ha.Demo.Cluster;

/// <summary>The six services of the demo, two for each node at first.</summary>
internal static class Services
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["cache", "mail", "queue", "search", "shop", "web"];

    /// <summary>The id of a service.</summary>
    public static ResourceId IdOf(string name) => ResourceId.Parse($"exec:{name}");

    /// <summary>What is configured of a service.</summary>
    public static IReadOnlyDictionary<string, string> PropertiesOf(string name, DemoFolder folder) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["start"] = $"exec bash {folder.Service} start {name}",
        ["stop"] = $"exec bash {folder.Service} stop {name}",
        ["status"] = $"exec bash {folder.Service} status {name}",
        ["timeout"] = "10",
    };
}
