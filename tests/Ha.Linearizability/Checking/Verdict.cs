namespace Ha.Linearizability.Checking;

/// <summary>What a check found.</summary>
public enum Verdict
{
    /// <summary>Some order of the calls explains every answer.</summary>
    Linearizable,

    /// <summary>No order does.</summary>
    Illegal,

    /// <summary>The search was ended by its limit.</summary>
    Unknown,
}

/// <summary>A verdict with its reason.</summary>
/// <typeparam name="TCall">What was asked and answered.</typeparam>
/// <param name="Verdict">The verdict.</param>
/// <param name="Steps">How many steps the search took.</param>
/// <param name="Smallest">If illegal: a small part of the history that no order explains; else empty.</param>
public sealed record CheckResult<TCall>(Verdict Verdict, long Steps, IReadOnlyList<Operation<TCall>> Smallest)
{
    /// <summary>The smallest failing sub-history, a line for each call.</summary>
    public override string ToString() => Verdict == Verdict.Illegal
        ? $"no order explains these {Smallest.Count} calls:\n{HistoryPrinter.Print(Smallest)}"
        : $"{Verdict} after {Steps} steps";
}
