namespace Ha.Core.Model;

/// <summary>The effective settings of one resource: what an administrator configured, with defaults filled in, and where it lives.</summary>
public sealed record ResourceSettings
{
    /// <summary>What is wanted.</summary>
    public required WantedState State { get; init; }

    /// <summary>The node where the resource lives; null if nobody knows it (the resource does not exist).</summary>
    public NodeName? Node { get; init; }

    /// <summary>Whether the resource returns by itself to a node it prefers.</summary>
    public bool Failback { get; init; } = true;

    /// <summary>Starts repeated on the same node after a failed one; 0 or more.</summary>
    public int MaxRestart { get; init; } = 1;

    /// <summary>Moves to another node after failed starts; 0 or more.</summary>
    public int MaxRelocate { get; init; } = 1;

    /// <summary>The legacy group's name, if any.</summary>
    public string? Group { get; init; }

    /// <summary>Settings that only the resource's agent understands (such as the commands of <c>exec</c>), by name.</summary>
    public IReadOnlyDictionary<string, string> AgentSettings { get; init; } = NoAgentSettings;

    /// <summary>An empty map.</summary>
    public static IReadOnlyDictionary<string, string> NoAgentSettings { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>All configured resources at one moment.</summary>
/// <param name="Resources">Effective settings by id, sorted.</param>
/// <param name="Digest">Identifies the text they were read from; null where the platform has none.</param>
public sealed record ResourceSnapshot(SortedList<ResourceId, ResourceSettings> Resources, string? Digest)
{
    /// <summary>The settings of a resource, or null.</summary>
    public ResourceSettings? Find(ResourceId id) => Resources.GetValueOrDefault(id);
}
