namespace Ha.Backends.ZooKeeper.Wire;

/// <summary>One or more frames that are sent together and answered in order; it is done when the last answer is here. Used once.</summary>
internal abstract class ZkRequest
{
    // The reading loop must go on at once, not run what waits for the answer.
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _answered;

    /// <summary>Completes with the last answer; fails with <see cref="ConnectionLostException"/>.</summary>
    public Task Done => _done.Task;

    /// <summary>How many frames it has; 1 or more.</summary>
    public abstract int Frames { get; }

    /// <summary>Whether further answers do not matter, because one that came says it all. A server may hang up after it.</summary>
    protected virtual bool IsDecided => false;

    /// <summary>Writes operation number and body of a frame.</summary>
    public abstract void Write(int frame, JuteWriter writer);

    /// <summary>Takes the next answer. Called by the connection only.</summary>
    public void Answer(ReplyHeader header, ref JuteReader reply)
    {
        Read(_answered, header, ref reply);
        if (++_answered == Frames || IsDecided)
            _done.TrySetResult();
    }

    /// <summary>Ends it without an answer.</summary>
    public void Fail(Exception failure)
    {
        if (_done.TrySetException(failure))
            _ = _done.Task.Exception; // Nobody may be waiting any more.
    }

    /// <summary>Keeps what an answer says; the bytes are only good during the call.</summary>
    protected abstract void Read(int frame, ReplyHeader header, ref JuteReader reply);
}
