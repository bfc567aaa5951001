using System.Globalization;
using BenchmarkDotNet.Running;

namespace Ha.Benchmarks;

internal static class Program
{
    // "master [SERVICES]" reports on a master's rounds and memory; everything else is BenchmarkDotNet's.
    private static async Task<int> Main(string[] args) => args is ["master", .. var rest]
        ? await MasterReport.RunAsync(rest is [var services] ? int.Parse(services, CultureInfo.InvariantCulture) : 10_000)
        : BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args).Any() ? 0 : 1;
}
