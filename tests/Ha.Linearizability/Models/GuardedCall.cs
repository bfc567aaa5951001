namespace Ha.Linearizability.Models;

/// <summary>A call about a lock or about the key it guards, with its answer.</summary>
public abstract record GuardedCall
{
    private GuardedCall()
    {
    }

    /// <summary>About the lock.</summary>
    /// <param name="Call">The call.</param>
    public sealed record OfLock(LockCall Call) : GuardedCall
    {
        /// <inheritdoc/>
        public override string ToString() => Call.ToString();
    }

    /// <summary>About the key, without a guard.</summary>
    /// <param name="Call">The call.</param>
    public sealed record OfKey(RegisterCall Call) : GuardedCall
    {
        /// <inheritdoc/>
        public override string ToString() => Call.ToString();
    }

    /// <summary>A write under a fencing token.</summary>
    /// <param name="Client">Whose token.</param>
    /// <param name="Generation">Its generation.</param>
    /// <param name="Call">The write; what it answered counts only if the guard let it through.</param>
    /// <param name="LockLost">The guard refused it: the lock was no longer the token's.</param>
    public sealed record UnderToken(int Client, ulong Generation, RegisterCall.Write Call, bool LockLost) : GuardedCall
    {
        /// <inheritdoc/>
        public override string ToString() => LockLost
            ? $"under generation {Generation}: put '{Call.Value}'{Call.Requires} -> lock lost"
            : $"under generation {Generation}: {Call}";
    }
}
