using Ha.Core.Stores;

namespace Ha.Backends.Consul;

/// <summary>Tells a watch's reader whether what it was told is proven to be true, and since when it is not.</summary>
internal sealed class WatchCurrency : IDisposable
{
    private readonly Lock _gate = new();
    private readonly WatchBuffer _buffer;
    private readonly TimeSpan _staleAfter;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _provenAt;
    private bool _isOpen;
    private bool _isStalled;
    private string _why = "the server has not answered yet";

    public WatchCurrency(WatchBuffer buffer, TimeSpan staleAfter, TimeProvider time)
    {
        (_buffer, _staleAfter, _time, _provenAt) = (buffer, staleAfter, time, time.GetTimestamp());
        _timer = time.CreateTimer(static state => ((WatchCurrency)state!).Check(), this, staleAfter, Timeout.InfiniteTimeSpan);
    }

    /// <summary>For how long it has not been proven.</summary>
    public TimeSpan Unproven
    {
        get
        {
            lock (_gate)
                return _time.GetElapsedTime(_provenAt);
        }
    }

    /// <summary>Everything posted so far is the store's state.</summary>
    public void Proven(ulong sequence)
    {
        lock (_gate)
        {
            (_provenAt, _isOpen, _isStalled, _why) = (_time.GetTimestamp(), true, false, "the server does not answer");
            _buffer.Current(sequence);
            _timer.Change(_staleAfter, Timeout.InfiniteTimeSpan);
        }

        _buffer.Wake();
    }

    /// <summary>The last attempt failed.</summary>
    public void Failed(string why)
    {
        lock (_gate)
            _why = why;
        Check();
    }

    public void Dispose() => _timer.Dispose();

    private void Check()
    {
        lock (_gate)
        {
            var since = _time.GetElapsedTime(_provenAt);
            if (!_isOpen || _isStalled || since < _staleAfter)
                return;
            _isStalled = true;
            _buffer.Stalled(since, _why);
        }

        _buffer.Wake();
    }
}
