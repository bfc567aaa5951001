namespace Ha.Linearizability.Faults;

/// <summary>Stops one client where it stands, as a stopped process or a suspended machine would be; its clocks go on. What was sent before still arrives.</summary>
public sealed class Freezer
{
    private volatile TaskCompletionSource? _frozen;
    private int _stopped;

    /// <summary>How many of the client's loops have stood still since it was last frozen.</summary>
    public int Stopped => _stopped;

    /// <summary>Returns at once, or when the client goes on.</summary>
    public Task PassAsync()
    {
        if (_frozen is not { } frozen)
            return Task.CompletedTask;
        Interlocked.Increment(ref _stopped);
        return frozen.Task;
    }

    /// <summary>Stops it.</summary>
    public void Freeze()
    {
        _stopped = 0;
        _frozen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Lets it go on.</summary>
    public void Thaw()
    {
        var frozen = _frozen;
        _frozen = null;
        frozen?.TrySetResult();
    }
}
