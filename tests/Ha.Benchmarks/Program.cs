using System.Globalization;
using BenchmarkDotNet.Running;

namespace Ha.Benchmarks;

internal static class Program
{
    // "master [SERVICES]" reports on a master's rounds and memory, "etcd [HOST:PORT]" compares the adapter with a bare client; everything else is BenchmarkDotNet's.
    private static async Task<int> Main(string[] args) => args switch
    {
        ["master", .. var rest] => await MasterReport.RunAsync(rest is [var services] ? int.Parse(services, CultureInfo.InvariantCulture) : 10_000),
        ["etcd", .. var rest] => await EtcdComparison.RunAsync(rest is [var endpoint] ? endpoint : null),
        _ => BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args).Any() ? 0 : 1,
    };
}
