using System.Diagnostics;
using Ha.LocalCluster.Processes;

namespace Ha.Demo.Tests;

/// <summary>The real programs. They run on the real clock, since what they prove is that processes, signals, locks and watchdogs work together.</summary>
public sealed class EndToEndTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(100);

    [Fact]
    public async Task A_frozen_master_and_a_killed_node_cost_no_service_and_run_none_twice()
    {
        using var demo = new DemoProcess("--plain");
        await demo.ExitAsync(Limit);
        Assert.True(demo.ExitCode == 0, demo.Output);
        Assert.Contains("node reset by its watchdog, its services are gone with it", demo.Output, StringComparison.Ordinal);
        Assert.Equal(2, demo.Output.Split("all services running elsewhere").Length - 1);
        Assert.Contains("6 services", demo.Output, StringComparison.Ordinal);
        Assert.Contains("none ever ran twice", demo.Output, StringComparison.Ordinal);
        Assert.Empty(demo.Leftovers);
    }

    [Fact]
    public async Task An_interrupted_demo_leaves_nothing_behind()
    {
        using var demo = new DemoProcess("--plain");
        await demo.UntilAsync(() => demo.Output.Contains("process ", StringComparison.Ordinal), Limit, "the first service has started");
        Assert.NotEmpty(demo.Leftovers);
        using var kill = Process.Start("/bin/kill", ["-TERM", $"{demo.Id}"]);
        await demo.ExitAsync(Limit);
        Assert.Equal(130, demo.ExitCode);
        Assert.Empty(demo.Leftovers);
    }

    [Fact]
    public async Task A_killed_demo_leaves_nothing_behind_either()
    {
        using var demo = new DemoProcess("--plain");
        await demo.UntilAsync(() => demo.Output.Contains("process ", StringComparison.Ordinal), Limit, "the first service has started");
        Signal.Kill(demo.Id);
        await demo.ExitAsync(Limit);
        await demo.UntilAsync(() => demo.Leftovers.Count == 0, Limit, "everything has ended");
    }
}
