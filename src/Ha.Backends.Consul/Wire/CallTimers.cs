using System.Collections.Concurrent;

namespace Ha.Backends.Consul.Wire;

/// <summary>Cancellation by time or by the caller, used again from call to call.</summary>
internal sealed class CallTimers(TimeProvider time)
{
    private const int Kept = 64;

    private readonly ConcurrentQueue<CancellationTokenSource> _idle = new();

    public Lease Rent(TimeSpan span, CancellationToken cancel)
    {
        if (!_idle.TryDequeue(out var source))
            source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        source.CancelAfter(span);
        return new Lease(this, source, cancel.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), source));
    }

    private void Return(CancellationTokenSource source)
    {
        if (source.TryReset() && _idle.Count < Kept)
            _idle.Enqueue(source);
        else
            source.Dispose();
    }

    internal readonly struct Lease(CallTimers owner, CancellationTokenSource source, CancellationTokenRegistration registration) : IDisposable
    {
        public CancellationToken Token => source.Token;

        public void Dispose()
        {
            registration.Dispose();
            owner.Return(source);
        }
    }
}
