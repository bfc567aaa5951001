namespace Ha.Backends.Etcd;

/// <summary>Ends a step when its time is over or its caller gives up.</summary>
internal sealed class CallLimit : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _caller;

    public CallLimit(TimeSpan span, TimeProvider time, CancellationToken cancel)
    {
        _source = new CancellationTokenSource(span > TimeSpan.Zero ? span : TimeSpan.Zero, time);
        _caller = cancel.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _caller.Dispose();
        _source.Dispose();
    }
}
