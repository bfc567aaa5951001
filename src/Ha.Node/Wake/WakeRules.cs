using Ha.Core.Stores;

namespace Ha.Node.Wake;

/// <summary>Which of the two daemons.</summary>
public enum DaemonKind
{
    /// <summary>The cluster resource manager.</summary>
    Crm,

    /// <summary>The local resource manager.</summary>
    Lrm,
}

/// <summary>What about a key a daemon reacts to.</summary>
public enum Interest
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>That it appears or vanishes.</summary>
    Existence,

    /// <summary>Any change of its bytes.</summary>
    Bytes,

    /// <summary>A change of its JSON other than of the time stamp.</summary>
    Content,

    /// <summary>The same, but only while the daemon is at work.</summary>
    ContentWhenActive,

    /// <summary>That it holds something.</summary>
    Filled,
}

/// <summary>Which changes of the store are worth a round before its time. A daemon's own writes are not among them, or wake it at most once.</summary>
/// <param name="Kind">For which daemon.</param>
/// <param name="CommandsOnly">The rounds follow their timer, as in the reference; only a waiting command wakes the master.</param>
public sealed record WakeRules(DaemonKind Kind, bool CommandsOnly)
{
    /// <summary>What to watch: an LRM reacts to one document, a CRM to nodes as well.</summary>
    public IReadOnlyList<StoreKey> Prefixes => Kind switch
    {
        DaemonKind.Crm => CommandsOnly ? [DocumentKeys.CrmCommands] : [DocumentKeys.Ha, DocumentKeys.Nodes],
        DaemonKind.Lrm => CommandsOnly ? [] : [DocumentKeys.ManagerStatus],
    };

    /// <summary>What about a key is of interest.</summary>
    public Interest Of(StoreKey key) => Kind switch
    {
        DaemonKind.Crm => key == DocumentKeys.CrmCommands ? Interest.Filled : CommandsOnly ? Interest.None : OfCrm(key),
        // The LRM follows orders, and orders are in the manager status.
        DaemonKind.Lrm => key == DocumentKeys.ManagerStatus && !CommandsOnly ? Interest.Content : Interest.None,
    };

    // The manager status is the master's own heartbeat, and says nothing to the others before the manager lock runs out.
    private static Interest OfCrm(StoreKey key)
    {
        if (key == DocumentKeys.Resources || key == DocumentKeys.Rules || key == DocumentKeys.Groups || key == DocumentKeys.Inventory)
            return Interest.Bytes;
        return key.Value.Split('/') switch
        {
            ["nodes", _, "lrm_status"] => Interest.ContentWhenActive,
            ["nodes", _, "member"] or ["nodes", _, "presence", ..] => Interest.Existence,
            _ => Interest.None,
        };
    }
}
