namespace Ha.Benchmarks.Failover;

/// <summary>How a node is lost.</summary>
internal enum FaultKind
{
    /// <summary>Every process of it dies at once, as when its power fails.</summary>
    Kill,

    /// <summary>Its daemons stand still (SIGSTOP); its services run on until its watchdog resets it.</summary>
    Freeze,

    /// <summary>It reaches nobody; its services run on until its watchdog resets it.</summary>
    CutOff,
}
