using System.Collections.Concurrent;
using Ha.Testing;

namespace Ha.Linearizability.Tests.Workload;

/// <summary>Runs tasks in virtual time on one thread: time moves on when nobody has anything to do.</summary>
internal static class VirtualRun
{
    // Bounds a hang; nothing is measured by it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static T Run<T>(Func<ManualTimeProvider, Task<T>> body)
    {
        var time = new ManualTimeProvider();
        using var pump = new Pump();
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(pump);
        try
        {
            var task = body(time);
            while (!task.IsCompleted)
            {
                if (pump.RunOne(TimeSpan.Zero) || OthersPosted(pump))
                    continue;
                if (time.NextDue is { } due)
                    time.Advance(due > time.Elapsed ? due - time.Elapsed : TimeSpan.Zero);
                else if (!pump.RunOne(Patience))
                    throw new InvalidOperationException("everybody waits, and no timer is armed");
            }

            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    // Some continuations pass through the thread pool (cancelling, waiting with a limit): time must not run ahead of them on a busy machine.
    private static bool OthersPosted(Pump pump)
    {
        for (var i = 0; i < 2; i++)
            Task.Run(static () => { }).Wait();
        return pump.RunOne(TimeSpan.Zero);
    }

    private sealed class Pump : SynchronizationContext, IDisposable
    {
        private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _work = [];

        public override void Post(SendOrPostCallback d, object? state)
        {
            if (!_work.IsAddingCompleted)
                _work.Add((d, state));
        }

        public bool RunOne(TimeSpan patience)
        {
            if (!_work.TryTake(out var work, patience))
                return false;
            work.Callback(work.State);
            return true;
        }

        public void Dispose() => _work.CompleteAdding();
    }
}
