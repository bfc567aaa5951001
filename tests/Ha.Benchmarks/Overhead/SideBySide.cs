using System.Diagnostics;
using System.Globalization;

namespace Ha.Benchmarks.Overhead;

/// <summary>Compares two ways to do the same thing on one server: both run in turn, several times, so that whatever else the machine does meets both.</summary>
/// <param name="name">What is compared.</param>
/// <param name="ours">Does it once, for a worker.</param>
/// <param name="bare">Does it once without us, for a worker.</param>
internal sealed class SideBySide(string name, Func<int, Task> ours, Func<int, Task> bare)
{
    private const int Rounds = 12;

    /// <summary>Measures with one worker, sixteen, and all of them.</summary>
    public async Task ReportAllAsync()
    {
        await ReportAsync(1, 500);
        await ReportAsync(16, 150);
        await ReportAsync(GuardedCommits.Workers, 50);
    }

    /// <summary>Measures, and writes one line.</summary>
    /// <param name="workers">How many do it at once.</param>
    /// <param name="each">How often each worker does it in a round.</param>
    private async Task ReportAsync(int workers, int each)
    {
        await RunAsync(ours, workers, each); // Connections, and compiling.
        await RunAsync(bare, workers, each);
        var (a, b) = (new List<Round>(), new List<Round>());
        for (var round = 0; round < Rounds; round++)
        {
            // Whoever comes second finds a warmer machine.
            if (round % 2 == 0)
                a.Add(await RunAsync(ours, workers, each));
            b.Add(await RunAsync(bare, workers, each));
            if (round % 2 == 1)
                a.Add(await RunAsync(ours, workers, each));
        }

        var added = Median(a.Zip(b, (x, y) => x.MedianMicroseconds - y.MedianMicroseconds));
        var bareMedian = Median(b.Select(r => r.MedianMicroseconds));
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}, {workers} at once: throughput {Median(a.Zip(b, (x, y) => x.PerSecond / y.PerSecond)):0.00} of bare; median latency {added:+0;-0} us ({added / bareMedian:+0.0%;-0.0%}); processor time {Median(a.Zip(b, (x, y) => x.ProcessorMicrosecondsEach / y.ProcessorMicrosecondsEach)):0.00} of bare; allocated {Median(a.Select(r => r.BytesEach)):0} B each, bare {Median(b.Select(r => r.BytesEach)):0} B"));
    }

    private static async Task<Round> RunAsync(Func<int, Task> act, int workers, int each)
    {
        var latencies = new double[workers * each];
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var processor = Environment.CpuUsage.TotalTime;
        var from = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++)
            {
                var sent = Stopwatch.GetTimestamp();
                await act(worker);
                latencies[(worker * each) + i] = Stopwatch.GetElapsedTime(sent).TotalMicroseconds;
            }
        })));
        var elapsed = Stopwatch.GetElapsedTime(from);
        processor = Environment.CpuUsage.TotalTime - processor;
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        return new Round(latencies.Length / elapsed.TotalSeconds, Median(latencies), processor.TotalMicroseconds / latencies.Length, (double)bytes / latencies.Length);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private readonly record struct Round(double PerSecond, double MedianMicroseconds, double ProcessorMicrosecondsEach, double BytesEach);
}
