namespace Ha.Demo.Story;

/// <summary>The steps of a failover, in the order in which they must happen.</summary>
internal enum Milestone
{
    /// <summary>The node's processes are gone: by its watchdog after a freeze, at once after a kill.</summary>
    NodeReset,

    /// <summary>Another node holds the manager lock.</summary>
    NewMaster,

    /// <summary>The node's own lock has run out, or is another's already.</summary>
    LockExpired,

    /// <summary>The master holds that lock: the node is proven off.</summary>
    Fenced,

    /// <summary>Each service has a new home.</summary>
    Recovered,

    /// <summary>The first service has started elsewhere, by its own journal.</summary>
    FirstStart,

    /// <summary>All services run elsewhere, by their own journals.</summary>
    AllRunning,
}
