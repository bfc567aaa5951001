using System.Globalization;
using Ha.Backends.Embedded;
using Ha.Core.Config;
using Ha.Core.Crm;
using Ha.Core.Lrm;
using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;
using Ha.Testing;

namespace Ha.Core.Tests.Daemons;

/// <summary>A cluster of three nodes around one daemon under test: real in-memory store, virtual time, seams that answer as told.</summary>
internal sealed class World : IMembership, IResourceRegistry, IClusterSettings, INotifier, IHostStatus, IUidSource, IPause, IStoreClock
{
    public static readonly NodeName A = NodeName.Parse("a");
    public static readonly NodeName B = NodeName.Parse("b");
    public static readonly NodeName C = NodeName.Parse("c");
    public static readonly ResourceId Vm = ResourceId.Parse("vm:101");
    private int _uids;

    public World() => Store = Connect(1);

    public ManualTimeProvider Time { get; } = new();

    public InMemoryCluster Cluster { get; } = new();

    public InMemoryStore Store { get; }

    public CapturingLogger Log { get; } = new();

    public FakeWatchdog Watchdog { get; } = new();

    public FakeAgent Agent { get; } = new();

    public TimingProfile Profile { get; set; } = TimingProfile.Proxmox with { RateMargin = 0 };

    public SortedList<NodeName, bool> Nodes { get; } = new() { [A] = true, [B] = true, [C] = true };

    public SortedList<ResourceId, ResourceSettings> Resources { get; } = [];

    public List<string> Notified { get; } = [];

    public HostShutdown Host { get; set; }

    public DatacenterSettings Settings { get; set; } = DatacenterSettings.Default;

    public IUsageStatistics? Statistics { get; set; }

    public IFenceAgents? FenceAgents { get; set; }

    /// <summary>Runs inside each reading of the resources: a moment in the middle of a round.</summary>
    public Action? WhenResourcesAreRead { get; set; }

    /// <summary>Runs inside each change of a resource's owner.</summary>
    public Action? WhenMoving { get; set; }

    public Instant HolderNow => new(Time.Elapsed);

    public Instant ObserverNow => new(Time.Elapsed);

    public IEnumerable<string> Texts => Log.Lines.Select(l => l.Text);

    public InMemoryStore Connect(int incarnation) =>
        Cluster.Connect(this, new Guid(incarnation, 0, 0, new byte[8]));

    public CrmDaemon Crm(bool predecessorGone = false) => new(new CrmPlatform
    {
        Self = A,
        Store = Store,
        Membership = this,
        Resources = this,
        Settings = this,
        Statistics = Statistics,
        Watchdog = Watchdog,
        Notifier = this,
        Uids = this,
        Agents = new AgentSet([Agent]),
        Time = Time,
        Pause = this,
        Profile = Profile,
        Log = Log,
        FenceAgents = FenceAgents,
        PredecessorGone = predecessorGone,
    });

    public LrmDaemon Lrm(int? workers = 0, bool predecessorGone = false) => new(new LrmPlatform
    {
        Self = A,
        Store = Store,
        Membership = this,
        Resources = this,
        Settings = this,
        Watchdog = Watchdog,
        Host = this,
        Agents = new AgentSet([Agent]),
        Time = Time,
        Pause = this,
        Profile = Profile,
        Log = Log,
        MaxWorkers = workers,
        PredecessorGone = predecessorGone,
        Process = new LrmProcess(),
    });

    public void Configure(ResourceId id, WantedState state, NodeName node) => Resources[id] = new ResourceSettings { State = state, Node = node };

    public async Task StoreStatusAsync(params (ResourceId Id, ServiceRecord Record)[] records)
    {
        var status = new ManagerStatus
        {
            MasterNode = B,
            Nodes = new Dictionary<NodeName, NodeState> { [A] = NodeState.Online, [B] = NodeState.Online, [C] = NodeState.Online },
            Services = new(records.ToDictionary(r => r.Id, r => r.Record)),
        };
        await Store.CommitAsync(KvBatch.Empty.Put(DocumentKeys.ManagerStatus, ManagerStatusDocument.Write(status)), default);
    }

    public async Task<ManagerStatus> StoredStatusAsync() =>
        await Store.GetAsync(DocumentKeys.ManagerStatus, ReadLevel.Linearizable, default) is { } entry ? ManagerStatusDocument.Parse(entry.Value) : ManagerStatus.Empty;

    public async Task<LrmStatus> LrmStatusAsync() =>
        await Store.GetAsync(DocumentKeys.LrmStatus(A), ReadLevel.Linearizable, default) is { } entry ? LrmStatusDocument.Parse(entry.Value) : LrmStatus.Missing;

    /// <summary>Another node takes a lock, as soon as it can.</summary>
    public async Task<LockAttempt> TakeAsync(StoreKey name, string holder = "b/crm") =>
        await Connect(99).TryAcquireAsync(name, new LockOptions(holder, Profile.LockTtl, Profile.RateMargin), default);

    public void Pass(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    Task<bool> IMembership.RefreshAsync(CancellationToken cancel) => Task.FromResult(true);

    Task<ClusterView> IMembership.ReadAsync(CancellationToken cancel) =>
        Task.FromResult(new ClusterView(Nodes.Values.Count(o => o) > Nodes.Count / 2, new(Nodes)));

    Task<ResourceSnapshot> IResourceRegistry.ReadAsync(CancellationToken cancel)
    {
        WhenResourcesAreRead?.Invoke();
        return Task.FromResult(new ResourceSnapshot(new(Resources), null));
    }

    Task IResourceRegistry.SetWantedAsync(ResourceId id, WantedState state, CancellationToken cancel)
    {
        Resources[id] = Resources[id] with { State = state };
        return Task.CompletedTask;
    }

    Task IResourceRegistry.MoveAsync(ResourceId id, NodeName from, NodeName to, CancellationToken cancel)
    {
        WhenMoving?.Invoke();
        if (Resources[id].Node != from)
            throw new PlatformException($"'{id}' is not on {from}");
        Resources[id] = Resources[id] with { Node = to };
        return Task.CompletedTask;
    }

    Task<DatacenterSettings> IClusterSettings.ReadAsync(CancellationToken cancel) => Task.FromResult(Settings);

    Task INotifier.SendAsync(FencingNotification notification, CancellationToken cancel)
    {
        Notified.Add($"{notification.Prefix}: {notification.Status}");
        return Task.CompletedTask;
    }

    Task<HostShutdown> IHostStatus.ReadAsync(CancellationToken cancel) => Task.FromResult(Host);

    string IUidSource.Next() => (++_uids).ToString("D22", CultureInfo.InvariantCulture);

    Task IPause.ForAsync(TimeSpan span, CancellationToken cancel) => Task.CompletedTask;
}

/// <summary>The connection to a multiplexer that notes what it is told.</summary>
internal sealed class FakeWatchdog : IWatchdog
{
    public bool IsOpen { get; private set; }

    public bool Refuses { get; set; }

    public List<Instant> Deadlines { get; } = [];

    public Task OpenAsync(Instant deadline, CancellationToken cancel)
    {
        if (Refuses)
            throw new PlatformException("unable to open watchdog socket - no such file");
        IsOpen = true;
        Deadlines.Add(deadline);
        return Task.CompletedTask;
    }

    public Task<bool> FeedAsync(Instant deadline, CancellationToken cancel)
    {
        Deadlines.Add(deadline);
        return Task.FromResult(true);
    }

    public Task CloseAsync(CancellationToken cancel)
    {
        IsOpen = false;
        return Task.CompletedTask;
    }
}

/// <summary>Resources that run when started, each start and stop taking as long as a test holds it.</summary>
internal sealed class FakeAgent : IResourceAgent
{
    public string Type => "vm";

    public HashSet<ResourceId> Running { get; } = [];

    public bool Crashes { get; set; }

    /// <summary>Starts wait for this, if set.</summary>
    public TaskCompletionSource? Hold { get; set; }

    public int Starting { get; private set; }

    /// <summary>The time limits that stops were given.</summary>
    public List<TimeSpan?> StopLimits { get; } = [];

    public Task<bool> IsRunningAsync(AgentCall call, CancellationToken cancel) => Task.FromResult(Running.Contains(call.Id));

    public async Task StartAsync(AgentCall call, CancellationToken cancel)
    {
        if (Crashes)
            throw new PlatformException("no such program");
        Starting++;
        if (Hold is { } hold)
            await hold.Task;
        Running.Add(call.Id);
    }

    public Task StopAsync(AgentCall call, TimeSpan? timeout, CancellationToken cancel)
    {
        StopLimits.Add(timeout);
        Running.Remove(call.Id);
        return Task.CompletedTask;
    }

    public Task<bool> MigrateAsync(AgentCall call, NodeName target, bool online, CancellationToken cancel) => Task.FromResult(Running.Remove(call.Id));

    public Task<string?> RemoveLockAsync(ResourceId id, NodeName node, IReadOnlyList<string> locks, CancellationToken cancel) => Task.FromResult<string?>(null);
}
