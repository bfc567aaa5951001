namespace Ha.Core.Stores;

/// <summary>Why a store could not answer a question or carry out a write. Expected refusals (a condition that did not hold, a lock held by
/// another) are not among them: those are values.</summary>
public enum StoreError
{
    /// <summary>No answer, and nothing was changed: a read failed, or a write was never sent. Try again later.</summary>
    Unavailable,

    /// <summary>A write was sent and its answer is missing. Read before acting.</summary>
    OutcomeUnknown,

    /// <summary>A value, or a whole batch, is above the store's limit; found before sending.</summary>
    TooLarge,

    /// <summary>A batch has more operations than the store takes at once; found before sending.</summary>
    TooManyOperations,

    /// <summary>A text is not a key.</summary>
    InvalidKey,

    /// <summary>The store lacks a capability the call needs; found before anything was changed.</summary>
    Unsupported,

    /// <summary>The announcement's lease or session is gone; announce again.</summary>
    PresenceLost,

    /// <summary>The store is full. Renewals will fail too.</summary>
    QuotaExceeded,

    /// <summary>Who we are was not accepted, after one new log-in.</summary>
    Unauthenticated,

    /// <summary>We may not do that.</summary>
    Unauthorized,

    /// <summary>The store has gone back in time (a restored backup), or is damaged. Stop and call somebody.</summary>
    Regressed,

    /// <summary>This is not the store we were told to use, or not a store of ours at all.</summary>
    Mismatch,
}

/// <summary>Whether a failed write took place.</summary>
public enum Applied
{
    /// <summary>Certainly not.</summary>
    No,

    /// <summary>Nobody can tell before reading back.</summary>
    Maybe,

    /// <summary>It did; only a later step failed.</summary>
    Yes,
}

/// <summary>A store did not do what was asked.</summary>
public sealed class StoreException : Exception
{
    /// <summary>Says what failed.</summary>
    /// <param name="error">The kind of failure.</param>
    /// <param name="applied">Whether the write took place.</param>
    /// <param name="message">What was being done, with which value, and what would help.</param>
    /// <param name="cause">The failure below, if any.</param>
    public StoreException(StoreError error, Applied applied, string message, Exception? cause = null)
        : base(message, cause) => (Error, Applied) = (error, applied);

    /// <summary>The kind of failure.</summary>
    public StoreError Error { get; }

    /// <summary>Whether the write took place.</summary>
    public Applied Applied { get; }
}
