using System.Collections.Immutable;

namespace Ha.Core.Model;

/// <summary>What the LRM of a node publishes about itself and the jobs it finished.</summary>
public sealed record LrmStatus
{
    /// <summary>An empty result map with ordinal order.</summary>
    /// <remarks>Declared before <see cref="Missing"/>, which is made with it.</remarks>
    public static ImmutableSortedDictionary<string, JobResult> NoResults { get; } =
        ImmutableSortedDictionary.Create<string, JobResult>(StringComparer.Ordinal);

    /// <summary>What the document of a node whose LRM never wrote one reads as.</summary>
    public static LrmStatus Missing { get; } = new() { Mode = LrmMode.Unknown };

    /// <summary>The daemon's state; null if the document has none.</summary>
    public LrmState? State { get; init; }

    /// <summary>What the LRM is up to.</summary>
    public LrmMode Mode { get; init; }

    /// <summary>When it was written: seconds since 1970 on the node's wall clock, for display only.</summary>
    public long? Timestamp { get; init; }

    /// <summary>Results of finished orders, by uid.</summary>
    public ImmutableSortedDictionary<string, JobResult> Results { get; init; } = NoResults;
}

/// <summary>How one order ended.</summary>
/// <param name="Service">The service.</param>
/// <param name="State">The state that was asked for.</param>
/// <param name="ExitCode">How it ended; the numbers of <see cref="Model.ExitCode"/>, others from foreign LRMs.</param>
public sealed record JobResult(ResourceId Service, string State, int ExitCode);
