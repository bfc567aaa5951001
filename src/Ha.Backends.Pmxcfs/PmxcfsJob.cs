namespace Ha.Backends.Pmxcfs;

/// <summary>One call on its way through a thread's queue. Until it begins to change something, its caller can take it back for certain.</summary>
internal abstract class PmxcfsJob(TimeProvider time, TimeSpan timeout)
{
    private const int Open = 0, Changing = 1, TakenBack = 2;

    private readonly long _startedAt = time.GetTimestamp();
    private int _state;

    /// <summary>How long its caller still waits.</summary>
    public TimeSpan Remaining => timeout - time.GetElapsedTime(_startedAt);

    /// <summary>Whether nobody waits for it any more.</summary>
    public bool IsTakenBack => Volatile.Read(ref _state) == TakenBack;

    /// <summary>Begins to change something. May be called again.</summary>
    /// <exception cref="OperationCanceledException">The caller took it back: nothing may be changed.</exception>
    public void BeginChange()
    {
        if (Interlocked.CompareExchange(ref _state, Changing, Open) == TakenBack)
            throw new OperationCanceledException();
    }

    /// <summary>Takes the call back; false: something may have been changed.</summary>
    public bool TryTakeBack() => Interlocked.CompareExchange(ref _state, TakenBack, Open) == Open;

    public abstract void Run();

    public abstract void Fail(Exception failure);
}

/// <summary>A call with a result.</summary>
internal sealed class PmxcfsJob<T>(TimeProvider time, TimeSpan timeout, Func<PmxcfsJob, T> body) : PmxcfsJob(time, timeout)
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Done => _done.Task;

    public override void Run() => _done.TrySetResult(body(this));

    public override void Fail(Exception failure)
    {
        _done.TrySetException(failure);
        _ = _done.Task.Exception; // Nobody may be waiting for it any more.
    }
}
