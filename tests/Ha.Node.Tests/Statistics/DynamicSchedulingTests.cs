using System.Threading.Channels;
using Ha.Backends.Embedded;
using Ha.Core.Config;
using Ha.Core.Crm;
using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;
using Ha.Hosting;
using Ha.Hosting.Clocks;
using Ha.Hosting.Statistics;
using Ha.Node.Loop;
using Ha.Node.Platform;
using Ha.Node.Statistics;
using Ha.Testing;

namespace Ha.Node.Tests.Statistics;

/// <summary>Nodes publish, a master in its real loop reads: real in-memory store, registry, settings and daemon, virtual time.</summary>
public sealed class DynamicSchedulingTests : IDisposable, IStoreClock, IMembership, IWatchdog, INotifier
{
    private static readonly NodeName[] Names = [NodeName.Parse("a"), NodeName.Parse("b")];
    private readonly ManualTimeProvider _time = new();
    private readonly CapturingLogger _log = new();
    private readonly FakeProc[] _procs = [new(), new()];
    private readonly UsagePublisher[] _publishers;
    private readonly InMemoryStore _store;
    private readonly Channel<int> _rounds = Channel.CreateUnbounded<int>();

    public DynamicSchedulingTests()
    {
        _store = new InMemoryCluster().Connect(this, new Guid(1, 0, 0, new byte[8]));
        _publishers = [.. Names.Zip(_procs).Select(n =>
            new UsagePublisher(_store, n.First, new MachineSampler(n.Second.Text), new ServiceSampler(n.Second.Text, n.First, _time, 4096), _time, _log))];
    }

    public Instant HolderNow => new(_time.Elapsed);

    public Instant ObserverNow => new(_time.Elapsed);

    public bool IsOpen { get; private set; }

    public void Dispose() => Array.ForEach(_procs, p => p.Dispose());

    [Fact]
    public async Task A_starting_service_goes_to_the_node_that_has_room_for_it()
    {
        await WriteAsync("datacenter.cfg", "crs: ha=dynamic,ha-rebalance-on-start=1\n");
        await WriteAsync("ha/resources.cfg", "exec: web\n\tstart true\n\tstop true\n\tstatus true\n\tcores 1\n\tmemory 1024\n\n");
        await WriteAsync("ha/inventory", """{"exec:web":{"node":"a"}}""");
        foreach (var publisher in _publishers)
            await publisher.StepAsync(default);
        _time.Advance(TimeSpan.FromSeconds(10));
        _procs[0].Busy(busy: 4600, idle: 3400); // Node a: nine tenths of its processors and of its memory are in use; b does nothing.
        _procs[0].Write("meminfo", "MemTotal: 8388608 kB\nMemAvailable: 838861 kB\n");
        _procs[1].Busy(busy: 1000, idle: 7000);
        foreach (var publisher in _publishers)
            await publisher.StepAsync(default);

        await RunOneRoundAsync();
        var lines = _log.Lines.Select(l => l.Text).ToList();
        Assert.Contains("using scheduler mode 'dynamic'", lines);
        Assert.Contains("service exec:web: re-balance selected new node b for startup", lines);
        Assert.DoesNotContain(lines, l => l.StartsWith("fallback to 'basic'", StringComparison.Ordinal) || l.StartsWith("unable to add service", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_that_has_published_no_sample_is_named_and_services_are_counted_instead()
    {
        await WriteAsync("datacenter.cfg", "crs: ha=dynamic\n");
        await WriteAsync("ha/resources.cfg", "exec: web\n\tstart true\n\tstop true\n\tstatus true\n\n");
        await WriteAsync("ha/inventory", """{"exec:web":{"node":"a"}}""");
        await _publishers[0].StepAsync(default);
        _time.Advance(TimeSpan.FromSeconds(10));
        _procs[0].Busy(busy: 2000, idle: 6000);
        await _publishers[0].StepAsync(default);

        await RunOneRoundAsync();
        var lines = _log.Lines.Select(l => l.Text).ToList();
        Assert.Contains("fallback to 'basic' scheduler mode, init for 'dynamic' failed - did not get dynamic node usage information for 'b'", lines);
        Assert.Contains("service 'exec:web': state changed from 'request_start' to 'started'  (node = a)", lines);
    }

    Task<bool> IMembership.RefreshAsync(CancellationToken cancel) => Task.FromResult(true);

    Task<ClusterView> IMembership.ReadAsync(CancellationToken cancel) => Task.FromResult(new ClusterView(true, new(Names.ToDictionary(n => n, _ => true))));

    Task IWatchdog.OpenAsync(Instant deadline, CancellationToken cancel)
    {
        IsOpen = true;
        return Task.CompletedTask;
    }

    Task<bool> IWatchdog.FeedAsync(Instant deadline, CancellationToken cancel) => Task.FromResult(true);

    Task IWatchdog.CloseAsync(CancellationToken cancel)
    {
        IsOpen = false;
        return Task.CompletedTask;
    }

    Task INotifier.SendAsync(FencingNotification notification, CancellationToken cancel) => Task.CompletedTask;

    private async Task RunOneRoundAsync()
    {
        var pause = new TimePause(_time);
        var configuration = new ResourceConfiguration(_store, ResourceTypes.All, new ConfigurationLock(_store, "a/crm", _time, pause));
        var daemon = new CrmDaemon(new CrmPlatform
        {
            Self = Names[0],
            Store = _store,
            Membership = this,
            Resources = new StoreResourceRegistry(_store, configuration, _log),
            Settings = new StoreClusterSettings(_store, _log),
            Watchdog = this,
            Notifier = this,
            Uids = new RandomUids(),
            Agents = new AgentSet([]),
            Time = _time,
            Pause = pause,
            Profile = TimingProfile.Standard,
            Statistics = new StoreUsageStatistics(_store, _time, UsagePublisher.Lifetime, _log),
            Log = _log,
        });
        var pace = new LoopPace(TimeSpan.FromMilliseconds(75), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(30));
        var loop = new DaemonLoop(new CrmRounds(daemon), new WakeSignal(_time), pace, _time, _log) { RoundEnded = () => _rounds.Writer.TryWrite(1) };
        using var stop = new CancellationTokenSource();
        var run = loop.RunAsync(stop.Token);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20)); // Ends a test that has failed.
        await _rounds.Reader.ReadAsync(limit.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    private async Task WriteAsync(string key, string text) =>
        await _store.CommitAsync(KvBatch.Empty.Put(StoreKey.Of(key), System.Text.Encoding.UTF8.GetBytes(text)), default);
}
