namespace Ha.Backends.ZooKeeper.Wire;

/// <summary>What we use of a node's 11 figures.</summary>
/// <param name="ModifiedZxid">The transaction that wrote it last.</param>
/// <param name="Version">How often it was written since it was created.</param>
/// <param name="Children">How many nodes are directly below it.</param>
internal readonly record struct NodeStat(ulong ModifiedZxid, int Version, int Children);
