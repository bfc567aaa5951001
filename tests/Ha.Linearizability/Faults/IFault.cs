namespace Ha.Linearizability.Faults;

/// <summary>One way in which things go wrong for a while.</summary>
public interface IFault
{
    /// <summary>What it is, for reports: <c>kill the leader</c>.</summary>
    string Name { get; }

    /// <summary>Makes it happen; done when it returns.</summary>
    Task StrikeAsync(CancellationToken cancel);

    /// <summary>Looks, while it lasts, whether it really took effect: a fault that nothing notices tests nothing. May take as long as the effect takes to show.</summary>
    /// <returns>What shows it, such as <c>m3 leads now</c>; null if nothing does.</returns>
    Task<string?> EvidenceAsync(CancellationToken cancel);

    /// <summary>Ends it; done when it returns. Called also if striking failed.</summary>
    Task HealAsync(CancellationToken cancel);
}
