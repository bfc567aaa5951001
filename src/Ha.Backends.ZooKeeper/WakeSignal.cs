namespace Ha.Backends.ZooKeeper;

/// <summary>Wakes one waiter, also one that comes later.</summary>
internal sealed class WakeSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _waiting;
    private bool _isSet;

    public void Set()
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            (waiting, _waiting) = (_waiting, null);
            _isSet = waiting is null;
        }

        waiting?.TrySetResult();
    }

    /// <summary>Waits until it is set, or for a while.</summary>
    public async Task WaitAsync(TimeSpan patience, TimeProvider time)
    {
        TaskCompletionSource waiting;
        lock (_gate)
        {
            if (_isSet || patience <= TimeSpan.Zero)
            {
                _isSet = false;
                return;
            }

            waiting = _waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        try
        {
            await waiting.Task.WaitAsync(patience, time);
        }
        catch (TimeoutException)
        {
            lock (_gate)
                _waiting = _waiting == waiting ? null : _waiting;
        }
    }
}
