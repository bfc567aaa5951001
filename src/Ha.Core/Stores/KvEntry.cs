namespace Ha.Core.Stores;

/// <summary>Identifies one write of one key. Opaque: compare for equality only.</summary>
/// <param name="High">The store's own upper half.</param>
/// <param name="Low">The store's own lower half.</param>
public readonly record struct StoreRevision(ulong High, ulong Low)
{
    /// <inheritdoc/>
    public override string ToString() => High == 0 ? $"{Low}" : $"{High}.{Low}";
}

/// <summary>A key with its value at one revision.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The bytes; not to be changed.</param>
/// <param name="Revision">Changes with every write, also with one of the same bytes.</param>
public sealed record KvEntry(StoreKey Key, ReadOnlyMemory<byte> Value, StoreRevision Revision);

/// <summary>All entries under a prefix.</summary>
/// <param name="Entries">Sorted by key, ordinally.</param>
/// <param name="Sequence">The listing's place in this process's view of the store; grows with each change.</param>
/// <param name="Atomic">Whether the entries are one moment's state.</param>
public sealed record KvListing(IReadOnlyList<KvEntry> Entries, ulong Sequence, bool Atomic);

/// <summary>How up to date a read must be.</summary>
public enum ReadLevel
{
    /// <summary>Reflects every write that had returned before the read began; fails without quorum. Decisions use this.</summary>
    Linearizable,

    /// <summary>May be stale; answers also where the store has lost its quorum. For showing only.</summary>
    Stale,
}
