namespace Ha.Core.Stores;

/// <summary>What asking for a lock gave.</summary>
public enum LockGrip
{
    /// <summary>Not ours, or no answer.</summary>
    None,

    /// <summary>Already ours, and renewed.</summary>
    Renewed,

    /// <summary>Free or expired before, ours now.</summary>
    Taken,

    /// <summary>Continued from an earlier life of this daemon.</summary>
    Adopted,
}

/// <summary>One daemon's grip on one lock: acquires it if it can, renews it while it has it.</summary>
/// <param name="store">The store.</param>
/// <param name="name">The lock.</param>
/// <param name="options">As whom, and for how long.</param>
public sealed class LockSession(ILockingKvStore store, StoreKey name, LockOptions options)
{
    /// <summary>The current tenure; null while the lock is not ours.</summary>
    public ILockHandle? Handle { get; private set; }

    /// <summary>After <see cref="LockGrip.None"/>: when the lock can be free at the earliest; zero if there was no answer.</summary>
    public TimeSpan EarliestRetry { get; private set; }

    /// <summary>Asks once: renews, or acquires.</summary>
    public async Task<LockGrip> HoldAsync(CancellationToken cancel)
    {
        EarliestRetry = TimeSpan.Zero;
        try
        {
            if (Handle is { } handle)
            {
                if (await handle.RenewAsync(cancel) is RenewAnswer.Renewed)
                    return LockGrip.Renewed;
                Handle = null;
            }

            switch (await store.TryAcquireAsync(name, options, cancel))
            {
                case LockAttempt.Granted granted:
                    Handle = granted.Handle;
                    return granted.Adopted ? LockGrip.Adopted : LockGrip.Taken;
                case LockAttempt.Held held:
                    EarliestRetry = held.EarliestRetry;
                    return LockGrip.None;
                default:
                    throw new InvalidOperationException("a lock attempt is granted or held");
            }
        }
        catch (StoreException)
        {
            // No answer. The handle is kept: the next renewal may still find the lock ours.
            return LockGrip.None;
        }
    }

    /// <summary>Asks up to <paramref name="attempts"/> times, with a pause between two of them; stops early where waiting cannot help.</summary>
    /// <param name="attempts">1 or more.</param>
    /// <param name="span">The length of one pause.</param>
    /// <param name="pause">Waits that long.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async Task<LockGrip> HoldAsync(int attempts, TimeSpan span, Func<TimeSpan, CancellationToken, Task> pause, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(pause);
        for (var left = attempts - 1; ; left--)
        {
            var grip = await HoldAsync(cancel);
            if (grip != LockGrip.None || left <= 0 || EarliestRetry > span * left)
                return grip;
            await pause(span, cancel);
        }
    }

    /// <summary>Gives the lock back. Harmless if it is not ours.</summary>
    /// <returns>Whether it is certainly free now.</returns>
    public async Task<bool> ReleaseAsync(CancellationToken cancel)
    {
        if (Handle is not { } handle)
            return false;
        Handle = null;
        try
        {
            return await handle.ReleaseAsync(cancel);
        }
        catch (StoreException)
        {
            return false;
        }
    }
}
