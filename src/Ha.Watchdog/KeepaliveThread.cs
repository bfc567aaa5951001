namespace Ha.Watchdog;

/// <summary>The beat. A thread of its own, not one of the pool: a full pool must not reset a healthy node.</summary>
internal static class KeepaliveThread
{
    /// <summary>Starts ticking, the first time at once. Ends with the process.</summary>
    public static void Start(Multiplexer multiplexer, TimeSpan tick)
    {
        var thread = new Thread(() => Beat(multiplexer, tick)) { IsBackground = true, Name = "keepalive", Priority = ThreadPriority.Highest };
        thread.Start();
    }

    private static void Beat(Multiplexer multiplexer, TimeSpan tick)
    {
        var next = Native.BootTime();
        while (true)
        {
            multiplexer.Tick();
            var now = Native.BootTime();
            next += tick;
            if (next > now)
                Thread.Sleep(next - now);
            else
                next = now; // Late, or back from suspend: missed beats are not made up for.
        }
    }
}
