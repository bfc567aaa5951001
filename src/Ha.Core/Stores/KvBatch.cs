using System.Collections.Immutable;

namespace Ha.Core.Stores;

/// <summary>A condition that must hold for a batch to be applied.</summary>
/// <param name="Key">The key it is about.</param>
/// <param name="Revision">The revision the key must have; null: the key must not exist.</param>
public readonly record struct KvCondition(StoreKey Key, StoreRevision? Revision);

/// <summary>One write of a batch.</summary>
/// <param name="Key">The key to write; at most one write a key and batch.</param>
/// <param name="Value">The new bytes; null deletes the key (nothing happens if it does not exist).</param>
public readonly record struct KvWrite(StoreKey Key, ReadOnlyMemory<byte>? Value);

/// <summary>Conditions and writes that are applied together or not at all. Immutable: each method returns a new batch.</summary>
public sealed record KvBatch
{
    /// <summary>A batch without conditions and writes.</summary>
    public static KvBatch Empty { get; } = new();

    /// <summary>What must hold.</summary>
    public ImmutableArray<KvCondition> Conditions { get; init; } = [];

    /// <summary>What is written.</summary>
    public ImmutableArray<KvWrite> Writes { get; init; } = [];

    /// <summary>The lock that must still be ours when the batch is applied.</summary>
    public LockToken? Guard { get; init; }

    /// <summary>The handle that the batch renews as well.</summary>
    public ILockHandle? Renews { get; init; }

    /// <summary>Applies only while the token's lock has not changed hands; see G4.</summary>
    public KvBatch GuardedBy(LockToken token) => this with { Guard = token };

    /// <summary>Guarded by the handle's token, and counts as a renewal of it.</summary>
    public KvBatch Renewing(ILockHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return this with { Guard = handle.Token, Renews = handle };
    }

    /// <summary>Applies only if the key does not exist.</summary>
    public KvBatch RequireAbsent(StoreKey key) => this with { Conditions = Conditions.Add(new(key, null)) };

    /// <summary>Applies only if the key is at this revision.</summary>
    public KvBatch RequireRevision(StoreKey key, StoreRevision revision) => this with { Conditions = Conditions.Add(new(key, revision)) };

    /// <summary>Applies only if the key is as it was read: at the entry's revision, or absent if null.</summary>
    public KvBatch RequireUnchanged(StoreKey key, KvEntry? entry) => this with { Conditions = Conditions.Add(new(key, entry?.Revision)) };

    /// <summary>Writes a value.</summary>
    public KvBatch Put(StoreKey key, ReadOnlyMemory<byte> value) => this with { Writes = Writes.Add(new(key, value)) };

    /// <summary>Deletes a key.</summary>
    public KvBatch Delete(StoreKey key) => this with { Writes = Writes.Add(new(key, null)) };
}

/// <summary>How a guard was checked.</summary>
public enum GuardStrength
{
    /// <summary>The batch had no guard.</summary>
    None,

    /// <summary>By the client, just before writing: a process stopped in between can still overwrite its successor's data.</summary>
    Advisory,

    /// <summary>By the store, at the commit point: no delayed write of a former holder can ever apply.</summary>
    Enforced,
}

/// <summary>What became of a batch.</summary>
public abstract record KvOutcome
{
    private KvOutcome()
    {
    }

    /// <summary>All of it was applied.</summary>
    /// <param name="Sequence">The commit's place in this process's view of the store.</param>
    /// <param name="Guard">How the guard was checked.</param>
    /// <param name="Revisions">The new revision of each key that was put.</param>
    public sealed record Committed(ulong Sequence, GuardStrength Guard, IReadOnlyDictionary<StoreKey, StoreRevision> Revisions) : KvOutcome;

    /// <summary>A condition did not hold; nothing was applied.</summary>
    /// <param name="Key">The key of the first condition that failed.</param>
    /// <param name="Current">What the key holds instead; null: it does not exist.</param>
    public sealed record Conflict(StoreKey Key, KvEntry? Current) : KvOutcome;

    /// <summary>The guard's lock has changed hands or been released; nothing was applied. Final for the token.</summary>
    /// <param name="Why">What is known of the loss.</param>
    public sealed record LockLost(LockLoss Why) : KvOutcome;
}
