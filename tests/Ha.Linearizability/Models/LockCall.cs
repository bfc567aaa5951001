namespace Ha.Linearizability.Models;

/// <summary>A call about one lock, with its answer. Who asked is part of it: an incarnation, not a node.</summary>
public abstract record LockCall
{
    private LockCall()
    {
    }

    /// <summary>The lock was asked for and granted.</summary>
    /// <param name="Client">By whom.</param>
    /// <param name="Generation">The generation it was given; null: no answer came, so it may have been granted.</param>
    public sealed record Acquire(int Client, ulong? Generation) : LockCall
    {
        /// <inheritdoc/>
        public override string ToString() => $"acquire -> {(Generation is { } generation ? $"granted with generation {generation}" : "unknown")}";
    }

    /// <summary>The lock was looked at: by asking for it in vain, or by inspecting it.</summary>
    /// <param name="Holder">Who was seen to hold it; null: it was free.</param>
    /// <param name="Generation">The generation seen; 0: never taken.</param>
    public sealed record Look(int? Holder, ulong Generation) : LockCall
    {
        /// <inheritdoc/>
        public override string ToString() => $"look -> {(Holder is { } holder ? $"client {holder}" : "nobody")} in generation {Generation}";
    }

    /// <summary>A tenure was used without changing the lock: renewed, or a guard was checked.</summary>
    /// <param name="Client">Whose tenure.</param>
    /// <param name="Generation">Its generation.</param>
    /// <param name="IsOwn">Whether the lock was still that tenure's.</param>
    public sealed record Renew(int Client, ulong Generation, bool IsOwn) : LockCall
    {
        /// <inheritdoc/>
        public override string ToString() => $"renew generation {Generation} -> {(IsOwn ? "renewed" : "lost")}";
    }

    /// <summary>A tenure was ended.</summary>
    /// <param name="Client">Whose tenure.</param>
    /// <param name="Generation">Its generation.</param>
    /// <param name="WasOwn">Whether the lock was still that tenure's; null: no answer came.</param>
    public sealed record Release(int Client, ulong Generation, bool? WasOwn) : LockCall
    {
        /// <inheritdoc/>
        public override string ToString() => $"release generation {Generation} -> {WasOwn switch { true => "released", false => "was not ours", null => "unknown" }}";
    }
}
