using System.Globalization;
using System.Text;
using Ha.Backends.Embedded;
using Ha.Core.Config;
using Ha.Core.Crm;
using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;
using Ha.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ha.Benchmarks;

/// <summary>A large cluster around one master: the real daemon and in-memory store, virtual time, seams that answer at once. All services run where
/// they should; a twentieth of them is on the node that can be lost.</summary>
internal sealed class MasterCluster : IMembership, IResourceRegistry, IClusterSettings, INotifier, IUidSource, IPause, IStoreClock, IWatchdog
{
    // The status of 10,000 services fits into an ordinary store. That of 100,000 does not, even compressed.
    private static readonly StoreLimits Large = new(16 << 20, 16 << 20, 128, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
    private const int LargestOrdinary = 50_000;

    private readonly ManualTimeProvider _time = new();
    private readonly CompressingStore _store;
    private readonly NodeName[] _names;
    private readonly SortedList<NodeName, bool> _nodes = [];
    private readonly SortedList<ResourceId, ResourceSettings> _resources;
    private readonly CrmDaemon _daemon;
    private int _uids;

    private MasterCluster(int nodes, int services)
    {
        _names = [.. Enumerable.Range(1, nodes).Select(i => NodeName.Parse($"node{i}")).Order()];
        foreach (var name in _names)
            _nodes[name] = true;
        _resources = new(Enumerable.Range(0, services).ToDictionary(
            i => ResourceId.Parse($"vm:{100 + i}"), i => new ResourceSettings { State = WantedState.Started, Node = HomeOf(i) }));
        _store = Open(new InMemoryCluster(services > LargestOrdinary ? Large : null), this);
        _daemon = new CrmDaemon(new CrmPlatform
        {
            Self = _names[0],
            Store = _store,
            Membership = this,
            Resources = this,
            Settings = this,
            Watchdog = this,
            Notifier = this,
            Uids = this,
            Agents = new AgentSet([]),
            Time = _time,
            Pause = this,
            Profile = TimingProfile.Proxmox,
            Log = NullLogger.Instance,
        });
    }

    public bool IsOpen { get; private set; }

    public Instant HolderNow => new(_time.Elapsed);

    public Instant ObserverNow => new(_time.Elapsed);

    private NodeName Doomed => _names[^1];

    /// <summary>Makes the cluster; its daemon is master and has nothing to do.</summary>
    public static async Task<MasterCluster> CreateAsync(int nodes, int services, int rules)
    {
        var cluster = new MasterCluster(nodes, services);
        var records = cluster._resources.ToDictionary(
            r => r.Key, r => new ServiceRecord { State = ServiceState.Started, Node = r.Value.Node, Uid = ((IUidSource)cluster).Next(), Running = true });
        var status = new ManagerStatus { MasterNode = cluster._names[0], Nodes = cluster._names.ToDictionary(n => n, _ => NodeState.Online), Services = new(records) };
        await cluster._store.CommitAsync(KvBatch.Empty.Put(DocumentKeys.ManagerStatus, ManagerStatusDocument.Write(status)), default);
        foreach (var node in cluster._names)
            await cluster._store.CommitAsync(KvBatch.Empty.Put(DocumentKeys.LrmStatus(node), LrmStatusDocument.Write(new LrmStatus { State = LrmState.Active, Mode = LrmMode.Active })), default);
        await cluster.StoreRulesAsync(rules);
        for (var round = 0; round < 3; round++)
            await cluster.RunRoundAsync();
        return cluster._daemon.State == CrmState.Master ? cluster : throw new InvalidOperationException("the daemon did not become master");
    }

    /// <summary>Ten seconds pass, then the daemon runs a round.</summary>
    public Task<RoundOutcome> RunRoundAsync()
    {
        _time.Advance(TimeSpan.FromSeconds(10));
        return _daemon.RunRoundAsync(default);
    }

    /// <summary>A node goes, and stays away until the next round recovers its services.</summary>
    public async Task LoseNodeAsync()
    {
        _nodes[Doomed] = false;
        for (var round = 0; round < 6; round++)
            await RunRoundAsync();
        if ((await StoredAsync()).Services.Values.Any(r => r.State != ServiceState.Started))
            throw new InvalidOperationException("recovered too early");
    }

    /// <summary>Whether no service is left on the lost node.</summary>
    public async Task<bool> IsRecoveredAsync() => (await StoredAsync()).Services.Values.All(r => r.State == ServiceState.Started && r.Node != Doomed);

    /// <summary>Each LRM reports every order of its services as done, as it does once per check interval.</summary>
    public async Task ReportAllAsync()
    {
        foreach (var services in (await StoredAsync()).Services.GroupBy(s => s.Value.Node!))
        {
            var results = services.Select(s => KeyValuePair.Create(s.Value.Uid!, new JobResult(s.Key, "started", 0)));
            var report = new LrmStatus { State = LrmState.Active, Mode = LrmMode.Active, Results = LrmStatus.NoResults.AddRange(results) };
            await _store.CommitAsync(KvBatch.Empty.Put(DocumentKeys.LrmStatus(services.Key), LrmStatusDocument.Write(report)), default);
        }
    }

    /// <summary>Stores rules of all kinds that hold: two pairs together to two trios apart to one service bound to nodes. Storing the same again
    /// makes the master work them out again.</summary>
    public async Task StoreRulesAsync(int count)
    {
        if (count == 0)
            return;
        var text = new StringBuilder($"# {((IUidSource)this).Next()}\n\n");
        for (int rule = 0, first = 100; rule < count; rule++, first += 3)
        {
            text.Append((rule % 5) switch
            {
                < 2 => $"resource-affinity: rule{rule}\n\taffinity positive\n\tresources vm:{first},vm:{first + 2}\n\n",
                < 4 => $"resource-affinity: rule{rule}\n\taffinity negative\n\tresources vm:{first - 3},vm:{first},vm:{first + 1}\n\n",
                _ => $"node-affinity: rule{rule}\n\tnodes {string.Join(',', _names.Take(_names.Length / 2))}\n\tresources vm:{first + 1}\n\n",
            });
        }

        await _store.CommitAsync(KvBatch.Empty.Put(DocumentKeys.Rules, Encoding.UTF8.GetBytes(text.ToString())), default);
    }

    private static CompressingStore Open(InMemoryCluster cluster, IStoreClock clock) => new(cluster.Connect(clock, new Guid(1, 0, 0, new byte[8])));

    private async Task<ManagerStatus> StoredAsync() =>
        ManagerStatusDocument.Parse((await _store.GetAsync(DocumentKeys.ManagerStatus, ReadLevel.Linearizable, default))!.Value);

    // Such that all rules hold from the beginning: pairs are on one node, bound services on one of theirs.
    private NodeName HomeOf(int service) => service switch
    {
        _ when service % 3 == 2 && service / 3 % 5 < 2 => HomeOf(service - 2),
        _ when service % 15 == 13 => _names[service % (_names.Length / 2)],
        _ when service % 20 == 0 => Doomed,
        _ => _names[service % (_names.Length - 1)],
    };

    Task<bool> IMembership.RefreshAsync(CancellationToken cancel) => Task.FromResult(true);

    Task<ClusterView> IMembership.ReadAsync(CancellationToken cancel) => Task.FromResult(new ClusterView(true, new(_nodes)));

    Task<ResourceSnapshot> IResourceRegistry.ReadAsync(CancellationToken cancel) => Task.FromResult(new ResourceSnapshot(_resources, null));

    Task IResourceRegistry.SetWantedAsync(ResourceId id, WantedState state, CancellationToken cancel) => throw new PlatformException("nobody stops services here");

    Task IResourceRegistry.MoveAsync(ResourceId id, NodeName from, NodeName to, CancellationToken cancel)
    {
        _resources[id] = _resources[id] with { Node = to };
        return Task.CompletedTask;
    }

    Task<DatacenterSettings> IClusterSettings.ReadAsync(CancellationToken cancel) => Task.FromResult(DatacenterSettings.Default);

    Task INotifier.SendAsync(FencingNotification notification, CancellationToken cancel) => Task.CompletedTask;

    string IUidSource.Next() => (++_uids).ToString("D22", CultureInfo.InvariantCulture);

    Task IPause.ForAsync(TimeSpan span, CancellationToken cancel) => Task.CompletedTask;

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
}
