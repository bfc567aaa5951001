namespace Ha.StoreServers.Kinds;

/// <summary>Where one server lives: what its configuration is made of.</summary>
/// <param name="Index">Its place among the members, from 0.</param>
/// <param name="Client">Where clients reach it.</param>
/// <param name="Control">Where the tests' own questions reach a server that answers them in plain text only.</param>
/// <param name="PeerAddress">The address the other members reach it at.</param>
/// <param name="PeerPorts">Two ports for the other members.</param>
/// <param name="Folder">Its folder for configuration and data, as the server sees it.</param>
internal sealed record MemberPlace(int Index, Door Client, Door Control, string PeerAddress, (int First, int Second) PeerPorts, string Folder)
{
    /// <summary>Its name in the cluster.</summary>
    public string Name => $"m{Index + 1}";

    /// <summary>Where its data is, as the server sees it.</summary>
    public string Data => $"{Folder}/data";
}

/// <summary>A way in.</summary>
/// <param name="Listen">The address the server listens on.</param>
/// <param name="Port">The port the server listens on.</param>
/// <param name="Endpoint">Where it is reached, which may differ from what it listens on: <c>host:port</c>.</param>
internal sealed record Door(string Listen, int Port, string Endpoint);
