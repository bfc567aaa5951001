using System.Diagnostics;
using System.Globalization;

namespace Ha.Benchmarks;

/// <summary>What BenchmarkDotNet cannot say: how much memory a master keeps, and how much processor time its rounds take, which other work on the
/// machine disturbs less than the time on the wall. Also the quick look while working on them.</summary>
internal static class MasterReport
{
    private const int Rounds = 10;

    public static async Task<int> RunAsync(int services)
    {
        await using var output = Console.Out;
        foreach (var rules in new[] { 0, 1000 })
        {
            var quiet = await MedianAsync(services, rules, _ => Task.CompletedTask, 20);
            var check = await MedianAsync(services, rules, c => c.ReportAllAsync(), 10);
            var loss = await LossAsync(services, rules);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{services} services, {rules} rules, processor time: nothing changed {quiet:F1} ms, all checked {check:F1} ms, node lost {loss:F1} ms"));
        }

        var cluster = await MasterCluster.CreateAsync(64, services, rules: 0);
        for (var round = 0; round < Rounds; round++)
        {
            await cluster.ReportAllAsync();
            await cluster.RunRoundAsync();
        }

        var kept = GC.GetTotalMemory(forceFullCollection: true) >> 20;
        GC.KeepAlive(cluster);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"memory of master and store: {kept} MiB kept, process at most {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB"));
        return 0;
    }

    private static async Task<double> MedianAsync(int services, int rules, Func<MasterCluster, Task> before, int rounds)
    {
        var cluster = await MasterCluster.CreateAsync(64, services, rules);
        var times = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            await before(cluster);
            times.Add(await TimeAsync(cluster));
        }

        return times.TakeLast(rounds / 2).Order().ElementAt(rounds / 4); // The first ones include compiling.
    }

    private static async Task<double> LossAsync(int services, int rules)
    {
        var times = new List<double>();
        for (var loss = 0; loss < 3; loss++)
        {
            var cluster = await MasterCluster.CreateAsync(64, services, rules);
            await cluster.LoseNodeAsync();
            await cluster.StoreRulesAsync(rules);
            times.Add(await TimeAsync(cluster));
            if (!await cluster.IsRecoveredAsync())
                throw new InvalidOperationException("one round did not recover the services of the lost node");
        }

        return times.Order().ElementAt(1);
    }

    private static async Task<double> TimeAsync(MasterCluster cluster)
    {
        var before = Environment.CpuUsage.TotalTime;
        await cluster.RunRoundAsync();
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
    }
}
