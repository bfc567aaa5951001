using System.Diagnostics;
using Ha.Core.Model;
using Ha.Core.Stores;
using Ha.Hosting;
using Ha.Hosting.Clocks;
using Ha.LocalCluster;
using Ha.LocalCluster.Journals;
using Ha.LocalCluster.Observing;
using Ha.LocalCluster.Processes;
using Ha.StoreServers;

namespace Ha.EndToEnd.Tests;

/// <summary>Three nodes of real daemons on real store servers, and an onlooker who checks at every look that nothing runs twice.</summary>
/// <remarks>On the real clock: what it proves is that processes, signals, watchdogs and servers work together.</remarks>
internal sealed class ClusterOnStore : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    private readonly BootTimeProvider _time = new();
    private readonly ClusterFolder _folder;
    private readonly Programs _programs = Programs.Find(AppContext.BaseDirectory);
    private readonly Guard _guard;
    private readonly ClusterClient _client;
    private readonly ILockingKvStore _store;
    private readonly IStoreServers? _servers;
    private readonly Dictionary<ResourceId, IReadOnlyList<ServiceRun>> _runs = [];

    private ClusterOnStore(IStoreServers? servers, ClusterFolder folder, ILockingKvStore store, IReadOnlyList<JournaledService> services)
    {
        _servers = servers;
        _folder = folder;
        _store = store;
        Services = services;
        _guard = new Guard(folder);
        Nodes = new LocalNodes(folder, _programs);
        _client = new ClusterClient(store, folder, Nodes, _time, services);
    }

    /// <summary>The store's servers.</summary>
    public IStoreServers Servers => _servers ?? throw new InvalidOperationException("this store is no server's");

    /// <summary>The nodes.</summary>
    public LocalNodes Nodes { get; }

    /// <summary>The services: one for each node at first.</summary>
    public IReadOnlyList<JournaledService> Services { get; }

    /// <summary>Starts servers, nodes and services, and waits until all of them run.</summary>
    public static async Task<ClusterOnStore> StartAsync(StoreKind kind, CancellationToken cancel)
    {
        var servers = await TestServers.StartAsync(new StoreServersSpec(kind) { Members = 3 }, cancel);
        return await StartAsync(servers, servers.ConnectionString("e2e"), kind.ToString().ToLowerInvariant(), cancel);
    }

    /// <summary>Starts nodes and services on a store that is there already, and waits until all of them run.</summary>
    /// <param name="store">Its connection string, <c>{node}</c> standing for the name of the node that uses it.</param>
    /// <param name="kind">Names the cluster's folder.</param>
    /// <param name="cancel">Ends the wait.</param>
    public static Task<ClusterOnStore> StartAsync(string store, string kind, CancellationToken cancel) => StartAsync(null, store, kind, cancel);

    private static async Task<ClusterOnStore> StartAsync(IStoreServers? servers, string connection, string kind, CancellationToken cancel)
    {
        var folder = new ClusterFolder(new LocalClusterPlan { Store = connection, Profile = "standard", Prefix = $"ha-e2e-{kind}-" });
        var context = new StoreContext(new LinuxStoreClock(), TimeProvider.System, Guid.NewGuid());
        var store = await new StoreRegistry(StoreSelection.BuiltIn).OpenAsync(folder.Store, context, cancel);
        var cluster = new ClusterOnStore(servers, folder, store, [new("mail"), new("shop"), new("web")]);
        try
        {
            await cluster.StartNodesAsync(cancel);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Looks until something is so. Each look that succeeds also proves that no service runs twice.</summary>
    /// <param name="holds">What must become so.</param>
    /// <param name="limit">When to give up.</param>
    /// <param name="what">What is waited for, for the failure.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async Task<Observation> UntilAsync(Func<Observation, bool> holds, TimeSpan limit, string what, CancellationToken cancel)
    {
        Observation? last = null;
        for (var since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since) < limit; await Task.Delay(Poll, cancel))
        {
            if (await LookAsync(cancel) is not { } seen)
                continue;
            last = seen;
            if (holds(seen))
                return seen;
        }

        Assert.Fail($"waited {limit.TotalSeconds} s in vain until {what}\nlast seen: {Describe(last)}\n{string.Join("\n", LogTail.Of(_folder.Path))}");
        throw new UnreachableException();
    }

    /// <summary>Waits until a master leads, every node is online and every service runs once, where it should.</summary>
    public Task<Observation> UntilSteadyAsync(TimeSpan limit, string what, CancellationToken cancel) => UntilAsync(IsSteady, limit, what, cancel);

    /// <summary>Runs <c>ha-manager</c> as an administrator would.</summary>
    public async Task ManagerAsync(params string[] arguments)
    {
        using var manager = Process.Start(new ProcessStartInfo(_programs.Manager, [.. arguments, "--store", _folder.Store]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await manager.StandardOutput.ReadToEndAsync() + await manager.StandardError.ReadToEndAsync();
        await manager.WaitForExitAsync();
        Assert.True(manager.ExitCode == 0, $"ha-manager {string.Join(' ', arguments)}: {said}");
    }

    /// <summary>What the journals say by now, without asking the store; fails if anything ran twice.</summary>
    public IReadOnlyDictionary<ResourceId, IReadOnlyList<ServiceRun>> ReadJournals()
    {
        var journals = new JournalFolder(_folder.Journals);
        foreach (var service in Services)
            _runs[service.Id] = journals.RunsOf(service.Name);
        var overlaps = _runs.Values.SelectMany(Overlap.Find).ToList();
        Assert.True(overlaps.Count == 0, string.Join('\n', overlaps));
        return _runs;
    }

    /// <summary>Starts again the nodes that have no power, as machines do after a reset.</summary>
    public void PowerOn()
    {
        foreach (var node in Nodes.All.Values.Where(n => !n.HasPower))
        {
            node.Forget();
            node.Start();
        }
    }

    public async ValueTask DisposeAsync()
    {
        var left = Nodes.End();
        _guard.Dispose();
        await _store.DisposeAsync();
        if (_servers is not null)
            await _servers.DisposeAsync();
        _folder.Remove();
        Assert.Empty(left);
    }

    private async Task StartNodesAsync(CancellationToken cancel)
    {
        PowerOn();
        await UntilAsync(o => o.Nodes.Count == Nodes.All.Count && o.Nodes.Values.All(n => n.IsOnline), TimeSpan.FromSeconds(60), "all nodes are online", cancel);
        for (var i = 0; i < Services.Count; i++)
            await _client.AddAsync(Services[i], Nodes.All.Keys[i % Nodes.All.Count], cancel);
        await UntilSteadyAsync(TimeSpan.FromSeconds(60), "all services run", cancel);
    }

    private async Task<Observation?> LookAsync(CancellationToken cancel)
    {
        ReadJournals();
        try
        {
            return await _client.LookAsync(cancel);
        }
        catch (StoreException e) when (e.Error is StoreError.Unavailable)
        {
            return null; // The store is without a leader, as the test wanted it; the next look may succeed.
        }
    }

    private static bool IsSteady(Observation seen) =>
        seen.Master is { } master && seen.Status.MasterNode == master
        && seen.Nodes.All(n => n.Value is { HasPower: true, IsOnline: true } && seen.Status.StateOf(n.Key) == NodeState.Online)
        && seen.Runs.Keys.All(s => seen.Status.Services.GetValueOrDefault(s) is { State: ServiceState.Started, Node: { } node } && node == seen.AliveOn(s, TimeSpan.FromSeconds(2)));

    private static string Describe(Observation? seen) => seen is null
        ? "nothing: the store gave no answer"
        : $"master {seen.Master}, nodes {string.Join(", ", seen.Nodes.Select(n => $"{n.Key} power={n.Value.HasPower} online={n.Value.IsOnline}"))}, "
            + $"services {string.Join(", ", seen.Status.Services.Select(s => $"{s.Key} {s.Value.State} on {s.Value.Node}, alive on {seen.AliveOn(s.Key, TimeSpan.FromSeconds(2))}"))}";
}
