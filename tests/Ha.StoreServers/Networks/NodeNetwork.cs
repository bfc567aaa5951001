using System.Net;
using System.Net.Sockets;
using Ha.StoreServers.Local;

namespace Ha.StoreServers.Networks;

/// <summary>A network of its own for each node of a cluster, from which the store's servers can be reached by a cable that can be unplugged: the node then
/// lives on and reaches nobody. Disposing removes the networks; what runs in them should have ended.</summary>
public sealed class NodeNetwork : IDisposable
{
    private readonly MemberNetwork _network;
    private readonly NamespaceSockets _sockets;
    private readonly List<Forwarder> _doors = [];
    private readonly List<Cell> _nodes = [];

    private NodeNetwork(MemberNetwork network, NamespaceSockets sockets) => (_network, _sockets) = (network, sockets);

    /// <summary>Why it cannot be had here; null if it can.</summary>
    public static string? UnavailableBecause => Cell.UnavailableBecause;

    /// <summary>Makes it.</summary>
    /// <param name="nodes">How many nodes; at least 1.</param>
    /// <param name="log">The file that gets what a failing command says.</param>
    public static async Task<NodeNetwork> CreateAsync(int nodes, string log)
    {
        var hub = await MemberNetwork.CreateAsync(log);
        NodeNetwork? made = null;
        try
        {
            made = new NodeNetwork(hub, await hub.OpenHubAsync());
            for (var i = 0; i < nodes; i++)
            {
                made._nodes.Add(await Cell.CreateAsync(log, network: true));
                await hub.ConnectAsync(i, made._nodes[i]);
            }

            return made;
        }
        catch
        {
            made?.Dispose();
            hub.Dispose();
            throw;
        }
    }

    /// <summary>What a command is preceded by to run in a node's network.</summary>
    /// <param name="node">The node's number, from 0.</param>
    public IReadOnlyList<string> Enter(int node) => _nodes[node].Enter;

    /// <summary>Lets all nodes reach a server.</summary>
    /// <param name="server">Where it listens outside, as <c>address:port</c>.</param>
    /// <returns>Where the nodes reach it, as <c>address:port</c>.</returns>
    public async Task<string> AdmitAsync(string server)
    {
        var target = IPEndPoint.Parse(server);
        var listener = Forwarder.Listen(await _sockets.CreateAsync(), new IPEndPoint(IPAddress.Parse(MemberNetwork.HubAddress), target.Port));
        var door = new Forwarder(() => listener, target, () => Task.FromResult(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }));
        _doors.Add(door);
        door.Open();
        return $"{MemberNetwork.HubAddress}:{target.Port}";
    }

    /// <summary>Cuts a node off; nobody is told.</summary>
    /// <param name="node">The node's number, from 0.</param>
    public Task UnplugAsync(int node) => _network.UnplugAsync(node);

    /// <summary>Connects a node again.</summary>
    /// <param name="node">The node's number, from 0.</param>
    public Task PlugAsync(int node) => _network.PlugAsync(node);

    /// <inheritdoc/>
    public void Dispose()
    {
        _doors.ForEach(d => d.Dispose());
        _sockets.Dispose();
        _nodes.ForEach(n => n.Dispose());
        _network.Dispose();
    }
}
