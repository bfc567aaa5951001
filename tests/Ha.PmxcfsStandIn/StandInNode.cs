using Ha.PmxcfsStandIn.Model;

namespace Ha.PmxcfsStandIn;

/// <summary>One node: its mount, and what it believes. Changed by <see cref="StandInCluster"/> only.</summary>
public sealed class StandInNode
{
    private readonly StandInCluster _cluster;
    private readonly HashSet<int> _online = [];

    internal StandInNode(StandInCluster cluster, string name, int id, string mountPoint) =>
        (_cluster, Name, Id, MountPoint) = (cluster, name, id, mountPoint);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its number; the lowest running one of a partition decides about locks.</summary>
    public int Id { get; }

    /// <summary>Where its view of the file system is mounted.</summary>
    public string MountPoint { get; }

    /// <summary>Whether its service runs.</summary>
    public bool IsUp { get; internal set; }

    /// <summary>Whether it may write.</summary>
    public bool IsQuorate => ForcedQuorum ?? (IsUp && Partition.Members.Count() * 2 > _cluster.Nodes.Count);

    /// <summary>How many modifying calls have arrived and wait for the block to end: one, as the next ones wait behind it.</summary>
    public int WaitingCalls { get; internal set; }

    /// <summary>How many changes it has asked the cluster for that were delivered: what others have to carry.</summary>
    public int Messages { get; internal set; }

    internal bool? ForcedQuorum { get; set; }

    internal bool IsBlocked { get; set; }

    internal double ClockOffset { get; set; }

    internal Partition Partition { get; set; } = null!;

    internal Replica Replica => Partition.Replica;

    internal LockMemory Locks { get; } = new();

    internal GeneratedFiles Generated { get; } = new();

    internal Dictionary<string, (Errno Error, int Left)> Failures { get; } = new(StringComparer.Ordinal);

    internal long Now => (long)Math.Floor(_cluster.Options.Now() + ClockOffset);

    internal bool SeesOnline(StandInNode other) => _online.Contains(other.Id);

    /// <summary>Looks at the members, as far as it may: without quorum its view stays as it was.</summary>
    internal void LookAtMembers()
    {
        if (!IsUp)
            return;
        var now = Partition.Members.Select(n => n.Id).ToHashSet();
        if (_online.Count > 0 && !IsQuorate)
        {
            Generated.Membership++;
            return;
        }

        if (_online.SetEquals(now))
            return;
        _online.Clear();
        _online.UnionWith(now);
        Generated.Membership++;
    }
}
