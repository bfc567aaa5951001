using Ha.Core.Model;

namespace Ha.Core.Stores;

/// <summary>Where documents and locks are in the store. On pmxcfs these are the reference's paths.</summary>
public static class DocumentKeys
{
    /// <summary>The manager status; JSON.</summary>
    public static StoreKey ManagerStatus { get; } = StoreKey.Of("ha/manager_status");

    /// <summary>Commands for the master, one a line; text.</summary>
    public static StoreKey CrmCommands { get; } = StoreKey.Of("ha/crm_commands");

    /// <summary>Configured resources; section configuration.</summary>
    public static StoreKey Resources { get; } = StoreKey.Of("ha/resources.cfg");

    /// <summary>Placement rules; section configuration.</summary>
    public static StoreKey Rules { get; } = StoreKey.Of("ha/rules.cfg");

    /// <summary>Legacy groups; section configuration.</summary>
    public static StoreKey Groups { get; } = StoreKey.Of("ha/groups.cfg");

    /// <summary>Hardware fence devices; lines.</summary>
    public static StoreKey FenceDevices { get; } = StoreKey.Of("ha/fence.cfg");

    /// <summary>Cluster-wide settings; <c>key: value</c> lines.</summary>
    public static StoreKey Datacenter { get; } = StoreKey.Of("datacenter.cfg");

    /// <summary>Which node owns each resource, where no guest inventory says so; JSON.</summary>
    public static StoreKey Inventory { get; } = StoreKey.Of("ha/inventory");

    /// <summary>What each node has and uses, where the platform does not publish it: one document a node; JSON.</summary>
    public static StoreKey Usage { get; } = StoreKey.Of("ha/usage");

    /// <summary>Everything about nodes.</summary>
    public static StoreKey Nodes { get; } = StoreKey.Of("nodes");

    /// <summary>Everything the daemons react to besides the nodes' own documents.</summary>
    public static StoreKey Ha { get; } = StoreKey.Of("ha");

    /// <summary>The lock whose holder is the master.</summary>
    public static StoreKey ManagerLock { get; } = StoreKey.Of("ha_manager_lock");

    /// <summary>The lock under which configuration is changed.</summary>
    public static StoreKey ConfigurationLock { get; } = StoreKey.Of("domain-ha");

    /// <summary>The status a node's LRM publishes; JSON.</summary>
    public static StoreKey LrmStatus(NodeName node) => StoreKey.Of($"nodes/{node}/lrm_status");

    /// <summary>That a node belongs to the cluster; written when it first starts, removed by an administrator; JSON.</summary>
    public static StoreKey Member(NodeName node) => StoreKey.Of($"nodes/{node}/member");

    /// <summary>That a node is online; an announcement.</summary>
    public static StoreKey Presence(NodeName node) => StoreKey.Of($"nodes/{node}/presence");

    /// <summary>The lock under which a node runs services; whoever else gets it knows that the node is off.</summary>
    public static StoreKey AgentLock(NodeName node) => StoreKey.Of($"ha_agent_{node}_lock");
}
