using System.Text.Json;
using Ha.Core.Model;
using Ha.Core.Stores;

namespace Ha.Backends.Pmxcfs;

/// <summary>The file <c>.members</c>: who belongs to the cluster. Without quorum the flags of the others are as they were when it was lost.</summary>
internal static class PmxcfsMembers
{
    /// <exception cref="StoreException">No answer, or not a member list.</exception>
    public static ClusterView Read(PmxcfsFiles files, NodeName self) =>
        Parse(files, text => new ClusterView(files.IsQuorate, OnlineOf(text, self)));

    /// <exception cref="StoreException">No answer, or not a member list.</exception>
    public static string ReadOwnName(PmxcfsFiles files) => Parse(files, OwnNameOf);

    /// <summary>Each node of the cluster's configuration, online or not. Without a cluster there are none besides this one, which is always online.</summary>
    /// <exception cref="DocumentException">Not a member list.</exception>
    public static SortedList<NodeName, bool> OnlineOf(ReadOnlyMemory<byte> text, NodeName self)
    {
        var online = Json.Parse(text, ".members", Nodes, []);
        online[self] = true;
        return online;
    }

    /// <exception cref="DocumentException">Not a member list.</exception>
    public static string OwnNameOf(ReadOnlyMemory<byte> text) => Json.Parse(text, ".members", root => Json.Text(root, "nodename"), null)
        ?? throw new DocumentException(".members names no node");

    private static T Parse<T>(PmxcfsFiles files, Func<ReadOnlyMemory<byte>, T> parse)
    {
        try
        {
            return parse(files.ReadGenerated(".members"));
        }
        catch (DocumentException e)
        {
            throw new StoreException(StoreError.Unavailable, Applied.No, $"'{files.At(".members")}': {e.Message}", e);
        }
    }

    private static SortedList<NodeName, bool> Nodes(JsonElement root)
    {
        var online = new SortedList<NodeName, bool>();
        foreach (var node in Json.Members(root, "nodelist"))
            online[Json.NodeName(node.Name)] = Json.IsTruthy(node.Value, "online");
        return online;
    }
}
