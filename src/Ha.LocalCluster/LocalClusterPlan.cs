using Ha.Core.Model;

namespace Ha.LocalCluster;

/// <summary>What a local cluster is made of.</summary>
public sealed record LocalClusterPlan
{
    /// <summary>The connection string of its store, <c>{node}</c> in it standing for the name of the node that uses it; null: SQLite in the cluster's
    /// own folder.</summary>
    public string? Store { get; init; }

    /// <summary>The timing profile of its nodes.</summary>
    public string Profile { get; init; } = "fast";

    /// <summary>How many nodes it has; they are called <c>node1</c> and so on.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>What a node's programs are preceded by, such as a command that runs them in a network of their own; it must give its place to them. Empty by default.</summary>
    public Func<NodeName, IReadOnlyList<string>> Enter { get; init; } = _ => [];

    /// <summary>What the names of its temporary folder begin with.</summary>
    public string Prefix { get; init; } = "ha-cluster-";
}
