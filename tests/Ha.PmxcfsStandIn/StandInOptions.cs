namespace Ha.PmxcfsStandIn;

/// <summary>How a stand-in is set up.</summary>
/// <param name="Nodes">The nodes' names; ids count from 1 in this order.</param>
public sealed record StandInOptions(IReadOnlyList<string> Nodes)
{
    /// <summary>Seconds since 1970, on the nodes' clocks; fractions are allowed. Real time if not set.</summary>
    public Func<double> Now { get; init; } = static () => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;

    /// <summary>How long a lock must be unchanged before it is removed on request: strictly more than this. Whole seconds; 120 as in pmxcfs if not set.</summary>
    public int LockTimeoutSeconds { get; init; } = 120;

    /// <summary>How long the kernel may keep names and attributes; 1 s as in pmxcfs if not set.</summary>
    public TimeSpan CacheTime { get; init; } = TimeSpan.FromSeconds(1);
}
