using Ha.Core.Model;
using Ha.Hosting.Statistics;
using Ha.Node.Statistics;
using Ha.Testing;

namespace Ha.Node.Tests.Statistics;

public sealed class SamplerTests : IDisposable
{
    private const ulong GiB = 1024UL * 1024 * 1024;
    private static readonly ResourceId Web = ResourceId.Parse("exec:web");
    private readonly FakeProc _proc = new();
    private readonly ManualTimeProvider _time = new();

    public void Dispose() => _proc.Dispose();

    [Fact]
    public void A_machine_has_what_the_kernel_counts_and_uses_what_it_cannot_give_back()
    {
        var machine = new MachineSampler(_proc.Text);
        Assert.Null(machine.Sample().Cpu);
        _proc.Busy(busy: 1100, idle: 3300); // A quarter of the time since: one of four cores.
        var usage = machine.Sample();
        Assert.Equal((4, 8 * GiB, 1.0, 2 * GiB), (usage.MaxCpu, usage.MaxMemoryBytes, usage.Cpu, usage.MemoryBytes));
        Assert.Equal((1.5, 12.5, 0), (usage.Load, usage.Pressure["cpu"], usage.Pressure["memory"]));
        Assert.DoesNotContain("io", usage.Pressure.Keys);
    }

    [Fact]
    public void A_kernel_without_pressure_or_with_processors_that_went_offline_gives_what_is_left()
    {
        _proc.Remove("pressure/cpu");
        _proc.Remove("pressure/memory");
        _proc.Remove("loadavg");
        var machine = new MachineSampler(_proc.Text);
        machine.Sample();
        _proc.Busy(busy: 500, idle: 1500);
        var usage = machine.Sample();
        Assert.Null(usage.Cpu);
        Assert.Null(usage.Load);
        Assert.Empty(usage.Pressure);
    }

    [Theory]
    [InlineData("stat", "intr 5\n", "'stat' does not begin with the ticks of all processors")]
    [InlineData("stat", "cpu  1 2 x 4\ncpu0 1 1 1 1\n", "'x' is not a whole number")]
    [InlineData("meminfo", "MemTotal: 5 kB\n", "'meminfo' has no MemAvailable:")]
    public void A_text_that_is_not_the_kernels_is_named(string name, string text, string reason)
    {
        _proc.Write(name, text);
        if (name == "stat" && text.StartsWith("intr", StringComparison.Ordinal))
            _proc.Write(name, text + "cpu0 1 1 1 1\n");
        Assert.Equal(reason, Assert.Throws<FormatException>(() => new MachineSampler(_proc.Text).Sample()).Message);
    }

    [Fact]
    public void A_service_uses_what_the_processes_use_that_were_started_for_it_on_this_node()
    {
        const string Ours = "HA_RESOURCE=exec:web HA_NODE=node1 HA_ACTION=start";
        _proc.Process(10, ticks: 100, pages: 1000, Ours);
        _proc.Process(11, ticks: 50, pages: 200, "X=1 " + Ours);
        _proc.Process(12, ticks: 10, pages: 5000, "HA_RESOURCE=exec:web HA_NODE=node2 HA_ACTION=start"); // Another node on the same machine.
        _proc.Process(13, ticks: 10, pages: 5000, "HA_RESOURCE=exec:web HA_NODE=node1 HA_ACTION=status");
        _proc.Process(14, ticks: 10, pages: 5000, "PATH=/bin");
        var sampler = new ServiceSampler(_proc.Text, NodeName.Parse("node1"), _time, pageBytes: 4096);
        Assert.Equal(new ServiceUsage(0, 1200 * 4096), Assert.Single(sampler.Sample()).Value);
        _time.Advance(TimeSpan.FromSeconds(10));
        _proc.Process(10, ticks: 600, pages: 1000, Ours);
        _proc.Process(11, ticks: 550, pages: 200, Ours);
        Assert.Equal(new ServiceUsage(1.0, 1200 * 4096), sampler.Sample()[Web]);
    }

    [Fact]
    public void A_number_that_is_given_to_another_process_is_another_process()
    {
        const string Ours = "HA_RESOURCE=exec:web HA_NODE=node1 HA_ACTION=start";
        _proc.Process(10, ticks: 100, pages: 1, Ours);
        var sampler = new ServiceSampler(_proc.Text, NodeName.Parse("node1"), _time, pageBytes: 4096);
        sampler.Sample();
        _time.Advance(TimeSpan.FromSeconds(10));
        _proc.Process(10, ticks: 900, pages: 1, "PATH=/bin", startedAt: 2);
        Assert.Empty(sampler.Sample());
        // A stranger's number is looked at again after a while.
        _proc.Process(10, ticks: 1, pages: 1, Ours, startedAt: 3);
        for (var look = 0; look < 6; look++)
            sampler.Sample();
        Assert.Equal(new ServiceUsage(0, 4096), sampler.Sample()[Web]);
    }

    [Fact]
    public void This_machines_own_texts_can_be_read()
    {
        var proc = new ProcText("/proc");
        var machine = new MachineSampler(proc).Sample();
        Assert.InRange(machine.MaxCpu, 1, 4096);
        Assert.InRange(machine.MemoryBytes!.Value, 1UL, machine.MaxMemoryBytes);
        Assert.Empty(new ServiceSampler(proc, NodeName.Parse("nobody"), _time, Environment.SystemPageSize).Sample());
    }
}
