using System.Text.Json;
using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;

namespace Ha.Backends.Pmxcfs;

/// <summary>The cluster's members from the file <c>.members</c>. This node is always online; without quorum the flags of the others are as they were when
/// it was lost.</summary>
public sealed class PmxcfsMembership : IMembership
{
    private readonly PmxcfsStore _store;
    private readonly NodeName _self;

    internal PmxcfsMembership(PmxcfsStore store, NodeName self) => (_store, _self) = (store, self);

    /// <summary>There is nothing to refresh: each reading asks the file system.</summary>
    public Task<bool> RefreshAsync(CancellationToken cancel) => Task.FromResult(true);

    /// <inheritdoc/>
    public async Task<ClusterView> ReadAsync(CancellationToken cancel)
    {
        try
        {
            return await _store.ReadAsync(Read, cancel);
        }
        catch (Exception e) when (e is StoreException or DocumentException or OperationCanceledException)
        {
            return new ClusterView(false, new SortedList<NodeName, bool> { [_self] = true });
        }
    }

    /// <summary>The view that a member list gives.</summary>
    /// <param name="text">The content of <c>.members</c>; without a cluster it names no nodes.</param>
    /// <param name="isQuorate">What the file system's own mark says, which its writes go by.</param>
    /// <param name="self">This node.</param>
    /// <exception cref="DocumentException">Not a member list.</exception>
    public static ClusterView ViewOf(ReadOnlyMemory<byte> text, bool isQuorate, NodeName self)
    {
        var online = Json.Parse(text, ".members", Nodes, []);
        online[self] = true;
        return new ClusterView(isQuorate, online);
    }

    private static SortedList<NodeName, bool> Nodes(JsonElement root)
    {
        var online = new SortedList<NodeName, bool>();
        foreach (var node in Json.Members(root, "nodelist"))
            online[Json.NodeName(node.Name)] = Json.IsTruthy(node.Value, "online");
        return online;
    }

    private ClusterView Read(PmxcfsFiles files)
    {
        var list = files.Read(".members") ?? throw PmxcfsErrors.NotMounted(files.At(""));
        return ViewOf(list.Bytes, files.IsQuorate, _self);
    }
}
