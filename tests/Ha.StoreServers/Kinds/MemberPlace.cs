namespace Ha.StoreServers.Kinds;

/// <summary>Where one server lives: what its configuration is made of.</summary>
/// <param name="Index">Its place among the members, from 0.</param>
/// <param name="Listen">The address it listens on for clients.</param>
/// <param name="ClientPort">Its port for clients.</param>
/// <param name="PeerAddress">The address the other members reach it at.</param>
/// <param name="PeerPorts">Two ports for the other members.</param>
/// <param name="Endpoint">Where clients reach it, which may differ from what it listens on: <c>host:port</c>.</param>
/// <param name="Folder">Its folder for configuration and data, as the server sees it.</param>
internal sealed record MemberPlace(
    int Index, string Listen, int ClientPort, string PeerAddress, (int First, int Second) PeerPorts, string Endpoint, string Folder)
{
    /// <summary>Its name in the cluster.</summary>
    public string Name => $"m{Index + 1}";

    /// <summary>Where its data is, as the server sees it.</summary>
    public string Data => $"{Folder}/data";
}
