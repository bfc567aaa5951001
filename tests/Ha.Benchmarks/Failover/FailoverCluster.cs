using Ha.Benchmarks.Measuring;
using Ha.Core.Model;
using Ha.Core.Stores;
using Ha.Hosting.Clocks;
using Ha.LocalCluster;
using Ha.LocalCluster.Failovers;
using Ha.LocalCluster.Journals;
using Ha.LocalCluster.Observing;
using Ha.LocalCluster.Processes;

namespace Ha.Benchmarks.Failover;

/// <summary>Three nodes of real daemons with thirty services, and an onlooker. Every look proves that nothing runs twice.</summary>
/// <remarks>On the real clock: it measures what users wait for.</remarks>
internal sealed class FailoverCluster : IAsyncDisposable
{
    public const int NodeCount = 3;
    public const int ServiceCount = 30;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Alive = TimeSpan.FromSeconds(3);

    private readonly BootTimeProvider _time = new();
    private readonly FailoverSite _site;
    private readonly ClusterFolder _folder;
    private readonly Guard _guard;
    private readonly ILockingKvStore _store;
    private readonly ClusterClient _client;
    private readonly JournalFolder _journals;
    private readonly IReadOnlyList<JournaledService> _services = [.. Enumerable.Range(1, ServiceCount).Select(n => new JournaledService($"s{n:00}"))];

    private FailoverCluster(FailoverSite site, ClusterFolder folder, ILockingKvStore store)
    {
        (_site, _folder, _store) = (site, folder, store);
        _journals = new JournalFolder(folder.Journals);
        _guard = new Guard(folder);
        Nodes = new LocalNodes(folder, Programs.Find(AppContext.BaseDirectory), NodeCount);
        _client = new ClusterClient(store, folder, Nodes, _time, _services);
    }

    /// <summary>Its nodes.</summary>
    public LocalNodes Nodes { get; }

    /// <summary>Starts nodes and services, and waits until all of them run.</summary>
    /// <exception cref="LocalClusterException">They do not come up.</exception>
    public static async Task<FailoverCluster> StartAsync(FailoverSite site, string profile)
    {
        var folder = new ClusterFolder(site.Plan(profile));
        var cluster = new FailoverCluster(site, folder, await MeasuredStore.OpenAsync(site.Onlooker));
        try
        {
            foreach (var node in cluster.Nodes.All.Values)
                node.Start();
            for (var i = 0; i < ServiceCount; i++)
                await cluster._client.AddAsync(cluster._services[i], cluster.Nodes.All.Keys[i % NodeCount], CancellationToken.None);
            await cluster.UntilSteadyAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until a master leads, every node is online and every service runs once, where it should.</summary>
    public Task<Observation> UntilSteadyAsync() => UntilAsync(IsSteady, "all nodes are online and all services run");

    /// <summary>Looks until something is so.</summary>
    /// <param name="holds">What must become so.</param>
    /// <param name="what">In words.</param>
    /// <exception cref="LocalClusterException">Not within five minutes, or a service ran twice.</exception>
    public async Task<Observation> UntilAsync(Func<Observation, bool> holds, string what)
    {
        for (var since = _time.GetTimestamp(); _time.GetElapsedTime(since) < TimeSpan.FromMinutes(5); await Task.Delay(Poll))
        {
            if (await LookAsync() is { } seen && holds(seen))
                return seen;
        }

        throw new LocalClusterException($"waited five minutes in vain until {what}\n{string.Join('\n', LogTail.Of(_folder.Path))}");
    }

    /// <summary>Loses a node.</summary>
    public async Task<LostNode> LoseAsync(NodeName node, bool isMaster, FaultKind fault)
    {
        var (at, sinceBoot) = (TimeProvider.System.GetUtcNow(), _time.GetElapsedTime(0));
        switch (fault)
        {
            case FaultKind.Kill:
                Nodes.All[node].Kill();
                _site.PowerFails(node);
                break;
            case FaultKind.Freeze:
                Nodes.All[node].Freeze();
                break;
            case FaultKind.CutOff:
                await _site.CutOffAsync(node);
                break;
        }

        return new LostNode(node, isMaster, at, sinceBoot);
    }

    /// <summary>Gives a lost node back what it lost, and starts it as a machine boots after a reset.</summary>
    /// <exception cref="LocalClusterException">It was never reset.</exception>
    public async Task BringBackAsync(NodeName node, FaultKind fault)
    {
        var one = Nodes.All[node];
        await UntilAsync(_ => !one.HasPower, $"{node} is reset by its watchdog");
        await _site.RepairAsync(node, fault);
        one.Forget();
        one.Start();
    }

    /// <summary>Whether all these services are alive elsewhere.</summary>
    public static bool RunElsewhere(Observation seen, IEnumerable<ResourceId> services, NodeName node) =>
        services.All(s => seen.AliveOn(s, Alive) is { } home && home != node);

    /// <summary>What the daemons wrote since a moment.</summary>
    public IReadOnlyList<DaemonLine> LogSince(DateTimeOffset at) =>
        [.. Nodes.All.Keys.SelectMany(n => DaemonLine.Parse(File.ReadLines(_folder.Log(n)))).Where(l => l.At >= at)];

    /// <summary>The runs of a service up to now.</summary>
    public IReadOnlyList<ServiceRun> RunsOf(ResourceId service) => _journals.RunsOf(service.Name);

    /// <summary>How many processes each service has had, and that none had two at once.</summary>
    /// <exception cref="LocalClusterException">One ran twice.</exception>
    public IReadOnlyDictionary<ResourceId, int> CountRuns()
    {
        var runs = _services.ToDictionary(s => s.Id, s => _journals.RunsOf(s.Name));
        return runs.Values.SelectMany(Overlap.Find).FirstOrDefault() is { } overlap
            ? throw new LocalClusterException(overlap.ToString())
            : runs.ToDictionary(r => r.Key, r => r.Value.Count);
    }

    /// <summary>Cuts every node off, or connects all again.</summary>
    public Task ConnectAllAsync(bool connected) => Task.WhenAll(Nodes.All.Keys.Select(n => connected ? _site.RepairAsync(n, FaultKind.CutOff) : _site.CutOffAsync(n)));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var left in Nodes.End())
            await Console.Error.WriteLineAsync($"could not end process {left}");
        _guard.Dispose();
        await _store.DisposeAsync();
        _folder.Remove();
    }

    private async Task<Observation?> LookAsync()
    {
        CountRuns();
        try
        {
            return await _client.LookAsync(CancellationToken.None);
        }
        catch (StoreException e) when (e.Error is StoreError.Unavailable)
        {
            return null; // As the fault wants it; the next look may succeed.
        }
    }

    private static bool IsSteady(Observation seen) =>
        seen.Master is { } master && seen.Status.MasterNode == master
        && seen.Nodes.All(n => n.Value is { HasPower: true, IsOnline: true } && seen.Status.StateOf(n.Key) == NodeState.Online)
        && seen.Runs.Keys.All(s => seen.Status.Services.GetValueOrDefault(s) is { State: ServiceState.Started, Node: { } node } && node == seen.AliveOn(s, Alive));
}
