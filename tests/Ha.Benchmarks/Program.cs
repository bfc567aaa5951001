using BenchmarkDotNet.Running;

namespace Ha.Benchmarks;

internal static class Program
{
    private static int Main(string[] args) => BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args).Any() ? 0 : 1;
}
