namespace Ha.Backends.Pmxcfs;

/// <summary>Places in this process's view of the store: the file system numbers nothing across nodes, so each answer gets its own time stamp.</summary>
internal sealed class PmxcfsSequence(TimeProvider time)
{
    private ulong _last;

    public ulong Next()
    {
        var now = (ulong)time.GetTimestamp();
        while (true)
        {
            var last = Interlocked.Read(ref _last);
            var next = Math.Max(now, last + 1);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
                return next;
        }
    }
}
