using Ha.Benchmarks.Measuring;
using Ha.Core.Model;
using Ha.LocalCluster;
using Ha.PmxcfsStandIn;
using Ha.StoreServers.Networks;

namespace Ha.Benchmarks.Failover;

/// <summary>What a measured cluster stands on: a store, and a way to cut single nodes off from it. Disposing removes it, not the store's servers.</summary>
internal sealed class FailoverSite : IDisposable
{
    /// <summary>The stand-in's name beside <see cref="MeasuredStore.Names"/>.</summary>
    public const string Pmxcfs = "pmxcfs";

    private readonly NodeNetwork? _network;
    private readonly StandInCluster? _files;
    private readonly string? _nodeStore;

    private FailoverSite(string name, string onlooker, string? nodeStore, NodeNetwork? network, StandInCluster? files)
    {
        (Name, Onlooker, _nodeStore, _network, _files) = (name, onlooker, nodeStore, network, files);
        CannotCutBecause = network is not null || files is not null ? null : name == "sqlite" ? "a file has no network" : NodeNetwork.UnavailableBecause;
    }

    /// <summary>The store's name.</summary>
    public string Name { get; }

    /// <summary>The connection string for whoever looks on from outside the nodes' networks; the stand-in's as the first node has it.</summary>
    public string Onlooker { get; }

    /// <summary>Why nodes cannot be cut off; null if they can.</summary>
    public string? CannotCutBecause { get; }

    /// <summary>A site for servers that run, or a file.</summary>
    /// <param name="store">The store.</param>
    /// <param name="nodes">How many nodes.</param>
    /// <param name="log">The file that gets what failing commands say.</param>
    public static async Task<FailoverSite> OfServersAsync(MeasuredStore store, int nodes, string log)
    {
        if (store.Servers is null || NodeNetwork.UnavailableBecause is not null)
            return new FailoverSite(store.Name, store.ConnectionString, store.ConnectionString, null, null);
        var network = await NodeNetwork.CreateAsync(nodes, log);
        try
        {
            var inside = store.ConnectionString;
            foreach (var member in store.Servers.Members)
                inside = inside.Replace(member.Endpoint, await network.AdmitAsync(member.Endpoint), StringComparison.Ordinal);
            return new FailoverSite(store.Name, store.ConnectionString, inside, network, null);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>A site of mounts that answer as the cluster file system of Proxmox VE does.</summary>
    /// <param name="nodes">How many nodes.</param>
    /// <param name="lockTimeout">How long its locks live; 120 s on a real one.</param>
    public static FailoverSite OfMounts(int nodes, TimeSpan lockTimeout)
    {
        var files = new StandInCluster(new StandInOptions([.. Enumerable.Range(1, nodes).Select(n => $"node{n}")]) { LockTimeoutSeconds = (int)lockTimeout.TotalSeconds });
        var folder = Path.GetDirectoryName(files["node1"].MountPoint);
        return new FailoverSite(Pmxcfs, $"pmxcfs://{folder}/node1", $"pmxcfs://{folder}/{{node}}", null, files);
    }

    /// <summary>The cluster that stands on it.</summary>
    public LocalClusterPlan Plan(string profile) => new()
    {
        Store = _nodeStore,
        Profile = profile,
        Enter = node => _network?.Enter(NumberOf(node)) ?? [],
        Prefix = $"ha-failover-{Name}-",
    };

    /// <summary>What a node's power failure does beside killing its processes.</summary>
    public void PowerFails(NodeName node) => _files?.Crash(node.Value);

    /// <summary>Cuts a node off.</summary>
    public async Task CutOffAsync(NodeName node)
    {
        if (_network is not null)
            await _network.UnplugAsync(NumberOf(node));
        _files?.Partition([node.Value], [.. _files.Nodes.Select(n => n.Name).Where(n => n != node.Value)]);
    }

    /// <summary>Undoes <see cref="PowerFails"/> and <see cref="CutOffAsync"/>.</summary>
    public async Task RepairAsync(NodeName node, FaultKind fault)
    {
        if (fault == FaultKind.Kill)
        {
            _files?.Start(node.Value);
        }
        else if (fault == FaultKind.CutOff)
        {
            if (_network is not null)
                await _network.PlugAsync(NumberOf(node));
            _files?.Merge();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _network?.Dispose();
        _files?.Dispose();
    }

    private static int NumberOf(NodeName node) => int.Parse(node.Value["node".Length..], System.Globalization.CultureInfo.InvariantCulture) - 1;
}
