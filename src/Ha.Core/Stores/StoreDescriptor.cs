namespace Ha.Core.Stores;

/// <summary>What a store can do beyond the contract's base. A missing capability is refused with <see cref="StoreError.Unsupported"/>
/// before anything is changed, never imitated.</summary>
[Flags]
public enum StoreCapabilities
{
    /// <summary>Only the base.</summary>
    None = 0,

    /// <summary>The store itself checks the fencing token of a guarded commit (<see cref="GuardStrength.Enforced"/>).</summary>
    EnforcedGuard = 1,

    /// <summary>A batch may hold more than one write, applied together or not at all.</summary>
    MultiKeyBatch = 2,

    /// <summary>A listing is one moment's state.</summary>
    AtomicListing = 4,

    /// <summary>Reads reflect every write that had returned before they began.</summary>
    LinearizableRead = 8,

    /// <summary>Changes are pushed; otherwise the store is polled.</summary>
    PushWatch = 16,

    /// <summary>Announcements are supported.</summary>
    Presence = 32,

    /// <summary>A revision is never used again, also after deletion of the key.</summary>
    RevisionSurvivesRecreate = 64,

    /// <summary>The store knows itself who belongs to the cluster: it is an <see cref="IClusterMembers"/>.</summary>
    Membership = 128,

    /// <summary>Whoever is granted a lock reads all that was written before it was free, also where reads are not linearizable otherwise.</summary>
    ReadsFollowLocks = 256,
}

/// <summary>The store's limits, checked before sending.</summary>
/// <param name="MaxValueBytes">The largest value.</param>
/// <param name="MaxBatchBytes">The largest batch: keys and values together.</param>
/// <param name="MaxBatchOperations">The most writes and conditions in one batch.</param>
/// <param name="MinPresenceTtl">The shortest presence.</param>
/// <param name="MaxPresenceTtl">The longest presence.</param>
public sealed record StoreLimits(int MaxValueBytes, int MaxBatchBytes, int MaxBatchOperations, TimeSpan MinPresenceTtl, TimeSpan MaxPresenceTtl)
{
    /// <summary>What every store can carry.</summary>
    public static StoreLimits Portable { get; } = new(256 * 1024, 256 * 1024, 32, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(40));
}

/// <summary>Which store this is and what it can do.</summary>
/// <param name="Kind">The scheme it is chosen by: <c>memory</c>, <c>sqlite</c>, <c>etcd</c>, …</param>
/// <param name="Location">Where it is, for messages; holds no credentials.</param>
/// <param name="Version">The server's or library's version, for messages.</param>
/// <param name="Capabilities">What it can do beyond the base.</param>
/// <param name="Limits">Its limits.</param>
/// <param name="PollInterval">How late a watch may notice a change at the most, while the store answers.</param>
public sealed record StoreDescriptor(
    string Kind, string Location, string Version, StoreCapabilities Capabilities, StoreLimits Limits, TimeSpan PollInterval)
{
    /// <summary>How long it may give no answer after the loss of one of its servers; null: it has no servers to lose.</summary>
    public StoreFailover? Failover { get; init; }

    /// <summary>Whether the store has all of some capabilities.</summary>
    public bool Can(StoreCapabilities needed) => (Capabilities & needed) == needed;
}
