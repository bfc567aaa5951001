namespace Ha.StoreServers.Local;

/// <summary>The network between the members of one cluster, servers or nodes: a bridge in a cell of its own, and a cable to each member's cell. A cable that
/// is unplugged at the bridge drops every packet without a word, as a broken switch would.</summary>
internal sealed class MemberNetwork : IDisposable
{
    private const string Bridge = "br0";

    private readonly Cell _hub;

    private MemberNetwork(Cell hub) => _hub = hub;

    /// <summary>The address of the bridge, once it has one.</summary>
    public static string HubAddress => "10.77.0.254";

    /// <summary>The address of a member in it.</summary>
    public static string Address(int index) => $"10.77.0.{index + 1}";

    /// <summary>Makes the bridge.</summary>
    public static async Task<MemberNetwork> CreateAsync(string log)
    {
        var hub = await Cell.CreateAsync(log, network: true);
        await hub.RunAsync("ip", "link", "add", Bridge, "type", "bridge");
        await hub.RunAsync("ip", "link", "set", Bridge, "up");
        return new(hub);
    }

    /// <summary>Gives the bridge an address, so that members can reach what listens in its cell.</summary>
    /// <returns>Makes sockets in its cell.</returns>
    public async Task<NamespaceSockets> OpenHubAsync()
    {
        await _hub.RunAsync("ip", "address", "add", $"{HubAddress}/24", "dev", Bridge);
        return new NamespaceSockets(_hub);
    }

    /// <summary>Lays the cable to a member.</summary>
    public async Task ConnectAsync(int index, Cell member)
    {
        await _hub.RunAsync("ip", "link", "add", Cable(index), "type", "veth", "peer", "name", "eth0", "netns", $"{member.ProcessId}");
        await member.RunAsync("ip", "address", "add", $"{Address(index)}/24", "dev", "eth0");
        await member.RunAsync("ip", "link", "set", "eth0", "up");
        await _hub.RunAsync("ip", "link", "set", Cable(index), "up");
        await PlugAsync(index);
    }

    /// <summary>Unplugs a member.</summary>
    public Task UnplugAsync(int index) => _hub.RunAsync("ip", "link", "set", Cable(index), "nomaster");

    /// <summary>Plugs a member in again.</summary>
    public Task PlugAsync(int index) => _hub.RunAsync("ip", "link", "set", Cable(index), "master", Bridge);

    public void Dispose() => _hub.Dispose();

    private static string Cable(int index) => $"m{index + 1}";
}
