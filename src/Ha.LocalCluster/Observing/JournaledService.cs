using Ha.Core.Model;
using Ha.LocalCluster.Processes;

namespace Ha.LocalCluster.Observing;

/// <summary>A service that writes a journal of its life: a process of its own, under the control of the resource agent <c>exec</c>.</summary>
/// <param name="Name">Its name; its id is <c>exec:</c> and the name.</param>
public sealed record JournaledService(string Name)
{
    /// <summary>Its id.</summary>
    public ResourceId Id { get; } = ResourceId.Parse($"exec:{Name}");

    /// <summary>What is configured of it.</summary>
    public IReadOnlyDictionary<string, string> PropertiesIn(ClusterFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["start"] = $"exec bash {folder.Service} start {Name}",
            ["stop"] = $"exec bash {folder.Service} stop {Name}",
            ["status"] = $"exec bash {folder.Service} status {Name}",
            ["timeout"] = "10",
        };
    }
}
