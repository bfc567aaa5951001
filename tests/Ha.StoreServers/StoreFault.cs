namespace Ha.StoreServers;

/// <summary>What can be made to go wrong.</summary>
public enum StoreFault
{
    /// <summary>A member dies at once, and can be started again with what its disk holds.</summary>
    Kill,

    /// <summary>A member's process is stopped for a while and goes on as if nothing had happened.</summary>
    Pause,

    /// <summary>A member's packets to and from the other members are dropped; clients still reach it.</summary>
    IsolateFromPeers,

    /// <summary>A member's packets to and from clients are dropped; the other members still reach it.</summary>
    IsolateFromClients,

    /// <summary>A member's disk has no room left.</summary>
    FillDisk,

    /// <summary>All members have again what they had at an earlier time.</summary>
    RestoreBackup,
}
