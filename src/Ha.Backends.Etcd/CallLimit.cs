namespace Ha.Backends.Etcd;

/// <summary>Ends a step when its time is over or its caller gives up.</summary>
internal readonly struct CallLimit : IDisposable
{
    // A source with its timer costs more than anything else here, and one that was never cancelled can be used again.
    private static CancellationTokenSource? _spare;

    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _caller;

    public CallLimit(TimeSpan span, TimeProvider time, CancellationToken cancel)
    {
        var limit = span > TimeSpan.Zero ? span : TimeSpan.Zero;
        _source = Rent(limit, time);
        _caller = cancel.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        // Waits for the caller's cancelling if it is under way, so that it cannot hit whoever has the source next.
        _caller.Dispose();
        if (!_source.TryReset() || Interlocked.CompareExchange(ref _spare, _source, null) is not null)
            _source.Dispose();
    }

    private static CancellationTokenSource Rent(TimeSpan span, TimeProvider time)
    {
        if (time != TimeProvider.System || Interlocked.Exchange(ref _spare, null) is not { } spare)
            return new CancellationTokenSource(span, time);
        spare.CancelAfter(span);
        return spare;
    }
}
