using System.Globalization;
using Ha.StoreServers.Kinds;
using Ha.StoreServers.Local;
using Ha.StoreServers.Security;

namespace Ha.StoreServers.Containers;

/// <summary>What the containers of one cluster share: a network of their own, published ports, files. Disposing removes everything.</summary>
internal sealed class ContainerSite(DockerEngine engine, ContainerOwner owner, StoreServersSpec spec, string image) : IAsyncDisposable
{
    private const string Folder = "/ha";

    private readonly string _name = $"ha-test-{Environment.ProcessId}-{Path.GetRandomFileName()[..8]}";
    private readonly PortReservation _ports = new();
    private readonly ServerFolder _folder = ServerFolder.Create(spec.Members, onDisk: true);
    private readonly List<string> _containers = [];
    private bool _hasNetwork;

    /// <summary>Makes the cluster; no server runs yet.</summary>
    public async Task<ServerCluster> BuildAsync()
    {
        var network = await CreateNetworkAsync();
        var places = Enumerable.Range(0, spec.Members).Select(i => Place(i, network)).ToList();
        var plan = new ClusterPlan(spec, places, ClusterSecrets.Create(spec, Path.Combine(_folder.Path, "clients")));
        var driver = StoreDriver.Of(plan);
        var members = new List<ContainerMember>();
        foreach (var place in places)
        {
            var (container, program) = ($"{_name}-{place.Name}", driver.Program(place));
            _containers.Add(container);
            await CreateContainerAsync(container, place, program, plan.Tls);
            members.Add(new(engine, new ContainerFirewall(engine, owner, container, place, places), place, container, async () =>
            {
                await engine.RunAsync("rm", "--force", "--volumes", container);
                await CreateContainerAsync(container, place, program, plan.Tls);
            }));
        }

        return new ServerCluster(plan, driver, members, Path.Combine(_folder.Path, "backup"), Unsupported, () => DisposeAsync().AsTask());
    }

    public async ValueTask DisposeAsync()
    {
        if (_containers.Count > 0)
            await engine.TryAsync(["rm", "--force", "--volumes", .. _containers]);
        _containers.Clear();
        if (_hasNetwork)
            await engine.TryAsync(["network", "rm", _name]);
        _hasNetwork = false;
        _ports.Dispose();
        _folder.Dispose();
    }

    /// <summary>Makes a network and returns the first three numbers of its addresses. Members need addresses that last, which the engine gives only in a
    /// network whose range was chosen; one that is in use is refused, and the next is tried.</summary>
    private async Task<string> CreateNetworkAsync()
    {
        var refusal = "";
        for (var attempt = 0; attempt < 10; attempt++)
        {
            var range = $"10.{Random.Shared.Next(64, 240)}.{Random.Shared.Next(256)}";
            var result = await engine.TryAsync(["network", "create", "--label", owner.Mark, "--subnet", $"{range}.0/24", _name]);
            if (result.ExitCode == 0)
            {
                _hasNetwork = true;
                return range;
            }

            refusal = result.Error;
        }

        throw new StoreServersException($"no network for the containers: {refusal}");
    }

    private async Task CreateContainerAsync(string container, MemberPlace place, ServerProgram program, bool tls)
    {
        var command = ContainerImages.Command(spec.Kind);
        List<string> doors = ["--publish", Publish(place.Client)];
        if (tls)
            doors.AddRange(["--publish", Publish(place.Control)]);
        await engine.RunAsync(["create", "--name", container, "--hostname", place.Name, "--label", owner.Mark, "--user", "0",
            "--network", _name, "--ip", place.PeerAddress, .. doors, "--log-opt", "max-size=1m",
            .. program.Environment.SelectMany(e => (string[])["--env", $"{e.Key}={e.Value}"]),
            "--entrypoint", command[0], image, .. command.Skip(1), .. program.Arguments]);
        // Copied, not mounted: an engine in a virtual machine does not see our files.
        var files = Directory.CreateDirectory(Path.Combine(_folder.Path, place.Name, "files")).FullName;
        Directory.CreateDirectory(Path.Combine(files, "data"));
        foreach (var (name, text) in program.Files)
        {
            var path = Path.Combine(files, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, text);
        }

        await engine.RunAsync("cp", files, $"{container}:{Folder}");
    }

    private MemberPlace Place(int index, string network)
    {
        // The network's first address is its gateway.
        var address = string.Create(CultureInfo.InvariantCulture, $"{network}.{index + 10}");
        return new(index, NewDoor(address), NewDoor(address), address, (7001, 7002), Folder);
    }

    private Door NewDoor(string address)
    {
        var port = _ports.Take();
        return new(address, port, $"127.0.0.1:{port}");
    }

    private static string Publish(Door door) => $"{door.Endpoint}:{door.Port}";

    private string? Unsupported(StoreFault fault) => fault switch
    {
        StoreFault.Kill or StoreFault.Pause or StoreFault.RestoreBackup => null,
        StoreFault.IsolateFromPeers or StoreFault.IsolateFromClients => ContainerFirewall.UnavailableBecause(engine),
        StoreFault.FillDisk => ContainerServersProvider.NoDisk,
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "no such fault"),
    };
}
