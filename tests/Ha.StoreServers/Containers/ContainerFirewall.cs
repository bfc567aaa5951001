using System.Globalization;
using Ha.StoreServers.Kinds;
using Ha.StoreServers.Local;
using Ha.StoreServers.Processes;

namespace Ha.StoreServers.Containers;

/// <summary>Drops packets inside one container's network, by nftables: entered from outside as root, else from a container that shares the network.</summary>
internal sealed class ContainerFirewall(DockerEngine engine, ContainerOwner owner, string container, MemberPlace place, IReadOnlyList<MemberPlace> all)
{
    private const string Table = "inet ha-test";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private static bool MayEnter => Environment.IsPrivilegedProcess && LocalPrograms.Which("nft", "") is not null && LocalPrograms.Which("nsenter", "") is not null;

    /// <summary>Whether packets between it and the other members are dropped.</summary>
    public bool DropsPeers { get; set; }

    /// <summary>Whether packets between it and clients are dropped.</summary>
    public bool DropsClients { get; set; }

    /// <summary>Why packets cannot be dropped on this machine; null if they can.</summary>
    public static string? UnavailableBecause(DockerEngine engine) => MayEnter || engine.HasImage(ContainerImages.Tools)
        ? null
        : $"dropping packets needs root with nft and nsenter, or the image {ContainerImages.Tools} (eng/stores.sh builds it)";

    /// <summary>Makes the kernel do what the properties say. A container that was started again has a new network without rules.</summary>
    public async Task ApplyAsync()
    {
        var rules = $"add table {Table}; delete table {Table}; add table {Table}; {Chain("in", "input", "saddr", "dport")}{Chain("out", "output", "daddr", "sport")}";
        if (MayEnter)
        {
            var process = await engine.RunAsync("inspect", "--format", "{{.State.Pid}}", container);
            if (int.Parse(process, CultureInfo.InvariantCulture) > 0)
                await Command.RunAsync(["nsenter", "--target", process, "--net", "--", "nft", rules], Limit);
            return;
        }

        await engine.RunAsync("run", "--rm", "--label", owner.Mark, "--network", $"container:{container}", "--cap-add", "NET_ADMIN", ContainerImages.Tools, "nft", rules);
    }

    private string Chain(string name, string hook, string address, string port)
    {
        var chain = $"add chain {Table} {name} {{ type filter hook {hook} priority 0; }}; ";
        if (DropsPeers)
            chain += string.Concat(all.Where(p => p != place).Select(p => $"add rule {Table} {name} ip {address} {p.PeerAddress} drop; "));
        if (DropsClients)
            chain += $"add rule {Table} {name} tcp {port} {{ {place.Client.Port}, {place.Control.Port} }} drop; ";
        return chain;
    }
}
