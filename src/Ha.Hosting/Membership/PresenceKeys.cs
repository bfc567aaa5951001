using Ha.Core.Model;
using Ha.Core.Stores;

namespace Ha.Hosting.Membership;

/// <summary>The announcements of a node's daemons, below <see cref="DocumentKeys.Presence"/>. Each daemon has its own, so that the node stays
/// online while one of them restarts.</summary>
public static class PresenceKeys
{
    /// <summary>The announcement of one daemon.</summary>
    /// <param name="node">Its node.</param>
    /// <param name="daemon"><c>crm</c> or <c>lrm</c>.</param>
    public static StoreKey Of(NodeName node, string daemon) => DocumentKeys.Presence(node).Child(daemon);
}
