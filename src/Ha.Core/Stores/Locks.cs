using Ha.Core.Model;

namespace Ha.Core.Stores;

/// <summary>The fencing token of one tenure of a lock.</summary>
/// <param name="Name">The lock.</param>
/// <param name="Generation">Grows with every change of owner of that name, for ever; 1 is the first.</param>
/// <param name="Incarnation">Random per process start; tells two processes of one node apart.</param>
/// <param name="OwnerRevision">The revision of the owner record, which a guarded commit compares.</param>
public sealed record LockToken(StoreKey Name, ulong Generation, Guid Incarnation, StoreRevision OwnerRevision);

/// <summary>How to acquire a lock.</summary>
/// <param name="Holder">Who asks, such as <c>node1/lrm</c>: shown to others, and the only one that may adopt its own lock.</param>
/// <param name="Ttl">How long the holder may count on the lock after the start of a confirmed renewal, on the holder's clock.</param>
/// <param name="RateMargin">How much the clocks of two nodes may differ in rate (0.10 = ten per cent): an observer waits Ttl × (1 + margin).</param>
/// <param name="AdoptOwn">The caller proves that the process that held the lock under the same holder name is gone (it holds the exclusive
/// local lock the predecessor must have held): an unexpired lock of the same holder is taken over at once, with a new generation.</param>
public sealed record LockOptions(string Holder, TimeSpan Ttl, double RateMargin = 0.10, bool AdoptOwn = false)
{
    /// <summary>How long an observer must witness silence before it may take the lock over.</summary>
    public TimeSpan ObserverWait => Ttl * (1 + RateMargin);
}

/// <summary>What one can see of a lock.</summary>
/// <param name="Holder">Who holds it; null: free, or never taken.</param>
/// <param name="Generation">The current generation; 0: never taken.</param>
/// <param name="Ttl">The holder's time to live; zero if free.</param>
/// <param name="Silence">How long this process has witnessed the record unchanged.</param>
/// <param name="Expired">Whether this process would take it over now.</param>
public sealed record LockView(string? Holder, ulong Generation, TimeSpan Ttl, TimeSpan Silence, bool Expired);

/// <summary>The answer to a request for a lock.</summary>
public abstract record LockAttempt
{
    private LockAttempt()
    {
    }

    /// <summary>It is ours.</summary>
    /// <param name="Handle">The handle.</param>
    /// <param name="Previous">What was there before.</param>
    /// <param name="Adopted">An unexpired lock of the same holder was continued (see <see cref="LockOptions.AdoptOwn"/>).</param>
    public sealed record Granted(ILockHandle Handle, LockView Previous, bool Adopted) : LockAttempt;

    /// <summary>It is another's.</summary>
    /// <param name="By">Whose.</param>
    /// <param name="EarliestRetry">When it can be free at the earliest if its holder is silent from now on.</param>
    public sealed record Held(LockView By, TimeSpan EarliestRetry) : LockAttempt;
}

/// <summary>Why a handle is no longer good. Final.</summary>
public enum LockLoss
{
    /// <summary>Its validity ran out before a renewal was confirmed.</summary>
    Expired,

    /// <summary>Somebody else has taken the lock.</summary>
    Superseded,

    /// <summary>It was released.</summary>
    Released,

    /// <summary>The store has gone back in time.</summary>
    StoreRegressed,
}

/// <summary>The answer to a renewal.</summary>
public abstract record RenewAnswer
{
    private RenewAnswer()
    {
    }

    /// <summary>The store has committed the renewal.</summary>
    /// <param name="ValidUntil">The new end of validity, counted from just before the renewal was sent.</param>
    public sealed record Renewed(Instant ValidUntil) : RenewAnswer;

    /// <summary>The lock is no longer ours.</summary>
    /// <param name="Why">What is known of the loss.</param>
    public sealed record Lost(LockLoss Why) : RenewAnswer;
}

/// <summary>One tenure of a lock. Disposing nothing, dropping it releases nothing: a lock is released only after what it protects is stopped.</summary>
public interface ILockHandle
{
    /// <summary>The fencing token.</summary>
    LockToken Token { get; }

    /// <summary>Until when the lock is certainly ours, on the holder's clock; moves forward with each confirmed renewal.</summary>
    Instant ValidUntil { get; }

    /// <summary>Just before the last confirmed renewal (or the acquisition) was sent, on the holder's clock. Deadlines of watchdog feeds count from here.</summary>
    Instant RenewedAt { get; }

    /// <summary>Whether the lock is certainly ours now. Look here, not at a callback: after a pause the first look already says no.</summary>
    bool IsHeld { get; }

    /// <summary>Why it was lost; null while it is not known to be lost.</summary>
    LockLoss? Loss { get; }

    /// <summary>Renews the lock: one commit.</summary>
    /// <exception cref="StoreException">No answer; a later renewal may still find the lock ours. Validity has not moved.</exception>
    Task<RenewAnswer> RenewAsync(CancellationToken cancel);

    /// <summary>Gives the lock back, so that the next one need not wait. Harmless if it is no longer ours.</summary>
    /// <returns>Whether it was ours and is now free.</returns>
    /// <exception cref="StoreException">No answer; it may or may not be free.</exception>
    Task<bool> ReleaseAsync(CancellationToken cancel);
}
