using Ha.Backends.Embedded;
using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;
using Ha.Hosting.Statistics;
using Ha.Testing;

namespace Ha.Node.Tests.Statistics;

public sealed class StoreUsageStatisticsTests : IStoreClock
{
    private static readonly NodeName Node = NodeName.Parse("node1");
    private static readonly ResourceId Web = ResourceId.Parse("exec:web");
    private readonly ManualTimeProvider _time = new();
    private readonly CapturingLogger _log = new();
    private readonly InMemoryStore _store;
    private readonly StoreUsageStatistics _statistics;

    public StoreUsageStatisticsTests()
    {
        _store = new InMemoryCluster().Connect(this, new Guid(1, 0, 0, new byte[8]));
        _statistics = new StoreUsageStatistics(_store, _time, TimeSpan.FromMinutes(3), _log);
    }

    public Instant HolderNow => new(_time.Elapsed);

    public Instant ObserverNow => new(_time.Elapsed);

    [Fact]
    public void What_is_written_is_what_is_read()
    {
        var usage = Sample with { Load = 1.5, Pressure = new SortedList<string, double> { ["cpu"] = 12.5 }, Timestamp = 1700000000 };
        var text = NodeUsageDocument.Write(usage);
        Assert.Equal(
            """{"cpu":1.5,"load":1.5,"maxcpu":4,"maxmem":1000,"mem":500,"pressure":{"cpu":12.5},"services":{"exec:web":{"cpu":0.5,"mem":100}},"timestamp":1700000000}""",
            System.Text.Encoding.UTF8.GetString(text));
        Assert.Equal(text, NodeUsageDocument.Write(NodeUsageDocument.Parse(text)));
    }

    [Theory]
    [InlineData("", "node usage is empty")]
    [InlineData("[]", "node usage is not an object: []")]
    [InlineData("{\"maxcpu\":-1,\"maxmem\":1}", "node usage is damaged: maxcpu: '-1' is not an amount")]
    [InlineData("{\"maxcpu\":1}", "node usage is damaged: no maxmem")]
    [InlineData("{\"maxcpu\":1,\"maxmem\":1,\"services\":{\"web\":{}}}", "node usage is damaged: unable to parse service id 'web'")]
    public void A_damaged_document_is_named(string text, string reason) =>
        Assert.Equal(reason, Assert.Throws<DocumentException>(() => NodeUsageDocument.Parse(System.Text.Encoding.UTF8.GetBytes(text))).Message);

    [Theory]
    [InlineData(null, null, 0, 100)]
    [InlineData("1.5", "64", 1.5, 64 << 20)]
    public async Task A_service_is_as_large_as_configured_else_as_large_as_it_was_seen(string? cores, string? memory, double maxCpu, ulong maxMemory)
    {
        await PublishAsync(NodeUsageDocument.Write(Sample));
        var service = (await _statistics.ReadServicesAsync(StatisticsKind.Dynamic, Resources(cores, memory), default))[Web];
        Assert.Equal((maxCpu, maxMemory, 0.5, 100UL), (service.MaxCpu!.Value, service.MaxMemoryBytes!.Value, service.Cpu!.Value, service.MemoryBytes!.Value));
        Assert.Equal((Node, true, true), (service.Node, service.IsStarted, service.Running));
    }

    [Fact]
    public async Task A_service_on_a_node_that_does_not_know_it_uses_nothing()
    {
        await PublishAsync(NodeUsageDocument.Write(Sample with { Services = new SortedList<ResourceId, ServiceUsage>() }));
        var service = (await _statistics.ReadServicesAsync(StatisticsKind.Dynamic, Resources(null, null), default))[Web];
        Assert.Equal((0.0, 0UL), (service.Cpu!.Value, service.MemoryBytes!.Value));
    }

    [Fact]
    public async Task A_sample_that_is_not_renewed_is_no_sample_but_the_size_stays_known()
    {
        await PublishAsync(NodeUsageDocument.Write(Sample));
        Assert.Equal(1.5, (await _statistics.ReadNodesAsync(StatisticsKind.Dynamic, default))[Node].Cpu);
        _time.Advance(TimeSpan.FromMinutes(2));
        await PublishAsync(NodeUsageDocument.Write(Sample)); // The same bytes, written anew.
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Single(await _statistics.ReadNodesAsync(StatisticsKind.Dynamic, default));
        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.Empty(await _statistics.ReadNodesAsync(StatisticsKind.Dynamic, default));
        Assert.Equal(4, (await _statistics.ReadNodesAsync(StatisticsKind.Static, default))[Node].MaxCpu);
    }

    [Fact]
    public async Task A_damaged_document_is_reported_once_and_its_node_is_unknown()
    {
        await PublishAsync("?"u8.ToArray());
        for (var read = 0; read < 3; read++)
            Assert.Empty(await _statistics.ReadNodesAsync(StatisticsKind.Static, default));
        Assert.StartsWith("usage of a node cannot be read, it counts as unknown until the node writes it anew: 'ha/usage/node1'", Assert.Single(_log.Lines).Text, StringComparison.Ordinal);
    }

    private static NodeUsage Sample => new()
    {
        MaxCpu = 4,
        MaxMemoryBytes = 1000,
        Cpu = 1.5,
        MemoryBytes = 500,
        Services = new SortedList<ResourceId, ServiceUsage> { [Web] = new(0.5, 100) },
    };

    private static ResourceSnapshot Resources(string? cores, string? memory)
    {
        var settings = new Dictionary<string, string>();
        if (cores is not null)
            settings["cores"] = cores;
        if (memory is not null)
            settings["memory"] = memory;
        return new(new() { [Web] = new ResourceSettings { State = WantedState.Started, Node = Node, AgentSettings = settings } }, null);
    }

    private async Task PublishAsync(byte[] text) => await _store.CommitAsync(KvBatch.Empty.Put(NodeUsageDocument.KeyOf(Node), text), default);
}
