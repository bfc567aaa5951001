namespace Ha.Core.Model;

/// <summary>Who belongs to the cluster and who is online, as one node sees it.</summary>
/// <param name="Quorate">Whether the seeing node belongs to the majority (its store answers linearizable reads).</param>
/// <param name="Nodes">All members with their online flag, sorted by name; offline members included.</param>
public sealed record ClusterView(bool Quorate, SortedList<NodeName, bool> Nodes);
