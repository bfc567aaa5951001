using System.Globalization;
using Ha.Backends.Embedded;
using Ha.Core.Model;
using Ha.Core.Stores;
using Ha.Hosting.Statistics;
using Ha.Node.Statistics;
using Ha.Testing;

namespace Ha.Node.Tests.Statistics;

public sealed class UsagePublisherTests : IDisposable, IStoreClock
{
    private static readonly NodeName Node = NodeName.Parse("node1");
    private readonly FakeProc _proc = new();
    private readonly ManualTimeProvider _time = new();
    private readonly CapturingLogger _log = new();
    private readonly InMemoryStore _store;
    private readonly UsagePublisher _publisher;
    private ulong _busy = 1000;
    private ulong _idle = 3000;

    public UsagePublisherTests()
    {
        _store = new InMemoryCluster().Connect(this, new Guid(1, 0, 0, new byte[8]));
        _publisher = new UsagePublisher(
            _store, Node, new MachineSampler(_proc.Text), new ServiceSampler(_proc.Text, Node, _time, pageBytes: 4096), _time, _log);
    }

    public Instant HolderNow => new(_time.Elapsed);

    public Instant ObserverNow => new(_time.Elapsed);

    public void Dispose() => _proc.Dispose();

    [Fact]
    public async Task Without_the_dynamic_scheduler_only_the_nodes_size_is_written_and_rarely()
    {
        var writes = await CountWritesAsync(minutes: 9, _ => 0.9);
        Assert.Equal(1, writes);
        var usage = await StoredAsync();
        Assert.Equal((4, false), (usage.MaxCpu, usage.IsSampled));
        Assert.Equal(1, await CountWritesAsync(minutes: 2, _ => 0.9));
    }

    [Fact]
    public async Task A_quiet_node_writes_a_sample_a_minute()
    {
        await ChooseAsync("dynamic");
        await StepAsync(0.25); // The first one knows no processor time yet.
        Assert.False((await StoredAsync()).IsSampled);
        var writes = await CountWritesAsync(minutes: 10, step => step % 2 == 0 ? 0.25 : 0.26);
        Assert.InRange(writes, 10, 11);
        Assert.Equal(1.0, (await StoredAsync()).Cpu!.Value, 0.1);
    }

    [Fact]
    public async Task What_matters_is_written_at_once()
    {
        await ChooseAsync("dynamic");
        await StepAsync(0.25);
        await StepAsync(0.25);
        await StepAsync(0.5);
        Assert.Equal(2.0, (await StoredAsync()).Cpu);
        _proc.Process(10, ticks: 1, pages: 100, "HA_RESOURCE=exec:web HA_NODE=node1 HA_ACTION=start");
        await StepAsync(0.5);
        Assert.Equal(409600UL, (await StoredAsync()).Services[ResourceId.Parse("exec:web")].MemoryBytes);
        await ChooseAsync("basic");
        await StepAsync(0.5);
        Assert.False((await StoredAsync()).IsSampled);
    }

    [Fact]
    public async Task What_prevents_publishing_is_said_once_and_when_it_is_over()
    {
        _proc.Remove("meminfo");
        await StepAsync(0.1);
        await StepAsync(0.1);
        Assert.StartsWith("this node's usage is not published, the schedulers 'static' and 'dynamic' cannot be used: Could not find file", Assert.Single(_log.Lines).Text, StringComparison.Ordinal);
        _proc.Write("meminfo", "MemTotal: 8 kB\nMemAvailable: 4 kB\n");
        await StepAsync(0.1);
        await StepAsync(0.1);
        Assert.Equal("this node's usage is published again", _log.Lines[1].Text);
        Assert.Equal(2, _log.Lines.Count);
    }

    private async Task<int> CountWritesAsync(int minutes, Func<int, double> share)
    {
        var revisions = new HashSet<StoreRevision?> { (await EntryAsync())?.Revision };
        for (var step = 0; step < minutes * 6; step++)
        {
            await StepAsync(share(step));
            revisions.Add((await EntryAsync())?.Revision);
        }

        return revisions.Count - 1;
    }

    // Ten seconds pass in which a share of all processor time is used.
    private async Task StepAsync(double share)
    {
        _time.Advance(TimeSpan.FromSeconds(10));
        _busy += (ulong)(share * 4000);
        _idle += (ulong)((1 - share) * 4000);
        _proc.Busy(_busy, _idle);
        await _publisher.StepAsync(default);
    }

    private async Task ChooseAsync(string mode) => await _store.CommitAsync(
        KvBatch.Empty.Put(DocumentKeys.Datacenter, System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"crs: ha={mode}\n"))), default);

    private Task<KvEntry?> EntryAsync() => _store.GetAsync(NodeUsageDocument.KeyOf(Node), ReadLevel.Linearizable, default);

    private async Task<NodeUsage> StoredAsync() => NodeUsageDocument.Parse((await EntryAsync())!.Value);
}
