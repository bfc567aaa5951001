using System.Diagnostics;

namespace Ha.StoreServers;

/// <summary>Waiting for other processes, in real time: servers have no clock of ours.</summary>
internal static class Patience
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks again and again until the answer is yes.</summary>
    /// <exception cref="StoreServersException">It was no for the whole time.</exception>
    public static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan limit, Func<Task<string>> complaint, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > limit)
                throw new StoreServersException($"{await complaint()} (waited {limit.TotalSeconds:0} s)");
            await Task.Delay(Step, cancel);
        }
    }
}
