namespace Ha.Node.Loop;

/// <summary>Wakes a daemon's loop before its timer does. Many calls before a round count as one.</summary>
/// <param name="time">Counts.</param>
public sealed class WakeSignal(TimeProvider time)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _woken = Fresh();

    /// <summary>Asks for a round soon. May be called from any thread.</summary>
    public void Wake()
    {
        lock (_gate)
            _woken.TrySetResult();
    }

    /// <summary>Forgets what was asked for: a round begins now and will see it.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            if (_woken.Task.IsCompleted)
                _woken = Fresh();
        }
    }

    /// <summary>Waits until a round is due.</summary>
    /// <param name="within">The longest wait.</param>
    /// <param name="spacing">The shortest wait, also if a round is asked for.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>Whether a round was asked for.</returns>
    public async Task<bool> WaitAsync(TimeSpan within, TimeSpan spacing, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        Task woken;
        lock (_gate)
            woken = _woken.Task;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(woken, Task.Delay(within, time, enough.Token));
        await enough.CancelAsync();
        cancel.ThrowIfCancellationRequested();
        var rest = (spacing < within ? spacing : within) - time.GetElapsedTime(started);
        if (woken.IsCompleted && rest > TimeSpan.Zero)
            await Task.Delay(rest, time, cancel);
        return woken.IsCompleted;
    }

    private static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
