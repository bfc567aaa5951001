namespace Ha.Backends.Embedded;

/// <summary>One call on its way through a worker's queue. Until it enters its commit, its caller can take it back for certain.</summary>
internal abstract class SqliteJob(TimeProvider time, TimeSpan timeout)
{
    private const int Open = 0, Committing = 1, TakenBack = 2;

    private readonly long _startedAt = time.GetTimestamp();
    private int _state;

    /// <summary>How long it may still take.</summary>
    public TimeSpan Remaining => timeout - time.GetElapsedTime(_startedAt);

    /// <summary>Whether nobody waits for it any more.</summary>
    public bool IsTakenBack => Volatile.Read(ref _state) == TakenBack;

    /// <summary>Begins to commit, unless the caller took it back.</summary>
    public bool TryEnterCommit() => Interlocked.CompareExchange(ref _state, Committing, Open) == Open;

    /// <summary>Takes the call back; false: it may be committed.</summary>
    public bool TryTakeBack() => Interlocked.CompareExchange(ref _state, TakenBack, Open) == Open;

    public abstract void Run(SqliteSession session);

    public abstract void Fail(Exception failure);
}

/// <summary>A call with a result.</summary>
internal sealed class SqliteJob<T>(TimeProvider time, TimeSpan timeout, Func<SqliteSession, SqliteJob, T> body) : SqliteJob(time, timeout)
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Done => _done.Task;

    public override void Run(SqliteSession session) => _done.TrySetResult(body(session, this));

    public override void Fail(Exception failure) => _done.TrySetException(failure);
}
