namespace Ha.LocalCluster.Failovers;

/// <summary>What a failover consists of, in this order.</summary>
public enum FailoverPhase
{
    /// <summary>Until another CRM is master; only if the master was lost.</summary>
    Elect,

    /// <summary>Until the master says that the node is not there.</summary>
    Detect,

    /// <summary>Until it is proven that the node runs nothing any more: its agent lock has passed to the master.</summary>
    Prove,

    /// <summary>Until the service has another node.</summary>
    Place,

    /// <summary>Until that node's LRM begins to start it.</summary>
    PickUp,

    /// <summary>Until the service itself says that it runs.</summary>
    Start,
}
