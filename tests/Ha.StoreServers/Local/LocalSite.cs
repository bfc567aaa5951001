using Ha.StoreServers.Kinds;
using Ha.StoreServers.Security;

namespace Ha.StoreServers.Local;

/// <summary>What the servers of one cluster share on this machine: a folder, ports, a network. Disposing removes everything, servers included.</summary>
internal sealed class LocalSite(StoreServersSpec spec) : IDisposable
{
    private readonly PortReservation _ports = new();
    private readonly ServerFolder _folder = ServerFolder.Create(spec.Members, spec.OnDisk);
    private readonly List<LocalMember> _members = [];
    private MemberNetwork? _network;

    /// <summary>Makes the cluster; no server runs yet.</summary>
    public async Task<ServerCluster> BuildAsync()
    {
        if (spec.Partitions)
            _network = await MemberNetwork.CreateAsync(Path.Combine(_folder.Path, "network.log"));
        var places = Enumerable.Range(0, spec.Members).Select(Place).ToList();
        var plan = new ClusterPlan(spec, places, ClusterSecrets.Create(spec, Path.Combine(_folder.Path, "clients")));
        var driver = StoreDriver.Of(plan);
        var command = LocalPrograms.Find(spec.Kind, out _)!;
        foreach (var place in places)
            _members.Add(new(place, command, driver.Program(place), await LocalSurroundings.CreateAsync(spec, place, _network)));
        return new ServerCluster(plan, driver, _members, Path.Combine(_folder.Path, "backup"), Unsupported, () =>
        {
            Dispose();
            return Task.CompletedTask;
        });
    }

    public void Dispose()
    {
        _members.ForEach(m => m.Dispose());
        _network?.Dispose();
        _ports.Dispose();
        _folder.Dispose();
    }

    private MemberPlace Place(int index)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, $"m{index + 1}")).FullName;
        return new(index, NewDoor(), NewDoor(), spec.Partitions ? MemberNetwork.Address(index) : "127.0.0.1", (_ports.Take(), _ports.Take()), folder);
    }

    /// <summary>In a network of its own the server listens on the same loopback port as its forwarder does outside.</summary>
    private Door NewDoor()
    {
        var port = _ports.Take();
        return new("127.0.0.1", port, $"127.0.0.1:{port}");
    }

    private string? Unsupported(StoreFault fault) => fault switch
    {
        StoreFault.Kill or StoreFault.Pause or StoreFault.RestoreBackup => null,
        StoreFault.IsolateFromPeers or StoreFault.IsolateFromClients => spec.Partitions ? null : LocalFaults.NeedsPartitions,
        StoreFault.FillDisk => spec.DiskBytes is not null ? null : LocalFaults.NeedsDiskBytes,
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "no such fault"),
    };
}
