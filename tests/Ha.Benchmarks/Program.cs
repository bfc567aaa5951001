using System.Globalization;
using BenchmarkDotNet.Running;
using Ha.Benchmarks.Overhead;

namespace Ha.Benchmarks;

internal static class Program
{
    // "master [SERVICES]" reports on a master's rounds and memory, "etcd", "consul" and "zookeeper" with an optional HOST:PORT compare an adapter with a
    // bare client. "takeover", "failover", "blip", "watch" and "idle" measure what users feel, on real servers; everything else is BenchmarkDotNet's.
    private static async Task<int> Main(string[] args) => args switch
    {
        ["master", .. var rest] => await MasterReport.RunAsync(rest is [var services] ? int.Parse(services, CultureInfo.InvariantCulture) : 10_000),
        ["consul", .. var rest] => await ConsulComparison.RunAsync(rest is [var endpoint] ? endpoint : null),
        ["etcd", .. var rest] => await EtcdComparison.RunAsync(rest is [var endpoint] ? endpoint : null),
        ["zookeeper", .. var rest] => await ZooKeeperComparison.RunAsync(rest is [var endpoint] ? endpoint : null),
        ["takeover", .. var rest] => await Takeover.TakeoverMeasure.RunAsync(rest),
        [Takeover.LockHolder.Command, .. var rest] => await Takeover.LockHolder.RunAsync(rest),
        ["watch", .. var rest] => await Watching.WatchMeasure.RunAsync(rest),
        ["blip", .. var rest] => await Failover.BlipMeasure.RunAsync(rest),
        ["failover", .. var rest] => await Failover.FailoverMeasure.RunAsync(rest),
        ["idle", .. var rest] => await Idle.IdleMeasure.RunAsync(rest),
        _ => BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args).Any() ? 0 : 1,
    };
}
