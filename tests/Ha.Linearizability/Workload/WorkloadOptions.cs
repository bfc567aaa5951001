namespace Ha.Linearizability.Workload;

/// <summary>How much is asked of a store, for how long.</summary>
public sealed record WorkloadOptions
{
    /// <summary>Decides everything that is random, except for the store's own time.</summary>
    public required int Seed { get; init; }

    /// <summary>How long load is put on the store.</summary>
    public required TimeSpan Length { get; init; }

    /// <summary>How many keys are written without a lock.</summary>
    public int Keys { get; init; } = 10;

    /// <summary>How many locks there are, each with one key that is written under it.</summary>
    public int Locks { get; init; } = 3;

    /// <summary>How many calls about the keys all clients make a second, on average and at the most.</summary>
    public double CallsPerSecond { get; init; } = 150;

    /// <summary>The time to live of the locks.</summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How many watches are open.</summary>
    public int Watches { get; init; } = 4;

    /// <summary>The least that must be answered a second over the whole run, so that a store which refuses everything does not pass.</summary>
    public double LeastAnswersPerSecond { get; init; } = 10;

    /// <summary>How long to wait after the load until calls without an answer can no longer take effect: the store's deadline for a call, and a bit.</summary>
    public TimeSpan Settling { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>How long the store may take to answer everybody and the watches to converge once nothing is wrong any more.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the order of the calls about one key may be searched for.</summary>
    public TimeSpan SearchLimit { get; init; } = TimeSpan.FromSeconds(60);
}
