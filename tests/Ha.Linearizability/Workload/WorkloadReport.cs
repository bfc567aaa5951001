using System.Globalization;
using System.Text;
using Ha.Linearizability.Faults;

namespace Ha.Linearizability.Workload;

/// <summary>What a run of a workload showed.</summary>
public sealed record WorkloadReport
{
    /// <summary>Repeats the run, as far as the store's own time allows.</summary>
    public required int Seed { get; init; }

    /// <summary>How long load was put on the store.</summary>
    public required TimeSpan Length { get; init; }

    /// <summary>Calls that were answered.</summary>
    public required int Answered { get; init; }

    /// <summary>Writes without an answer.</summary>
    public required int Unanswered { get; init; }

    /// <summary>Calls that failed with nothing changed.</summary>
    public required int Failed { get; init; }

    /// <summary>Tenures of locks that were granted.</summary>
    public required int Tenures { get; init; }

    /// <summary>Writes under tokens of the past that the guard refused.</summary>
    public required int Fenced { get; init; }

    /// <summary>Items that the watches delivered.</summary>
    public required int WatchItems { get; init; }

    /// <summary>The safety counter: how long two clients believed that they held one lock.</summary>
    public required TimeSpan Overlap { get; init; }

    /// <summary>What went wrong on purpose.</summary>
    public required IReadOnlyList<FaultRecord> Faults { get; init; }

    /// <summary>What must never be; a paragraph each. Empty: the store is sound as far as this run can tell.</summary>
    public required IReadOnlyList<string> Violations { get; init; }

    /// <summary>Keys and locks whose search was ended by its limit.</summary>
    public required IReadOnlyList<string> Undecided { get; init; }

    /// <summary>The figures in one line, the faults and violations below.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"seed {Seed}, {Length.TotalSeconds:0} s: {Answered} answered ({Answered / Length.TotalSeconds:0}/s), {Unanswered} unanswered, {Failed} failed; ");
        text.Append(CultureInfo.InvariantCulture, $"{Tenures} tenures, {Fenced} late writes fenced off, two holders for {Overlap.TotalMilliseconds:0.###} ms; {WatchItems} watch items; {Violations.Count} violations, {Undecided.Count} undecided\n");
        foreach (var fault in Faults)
            text.Append(CultureInfo.InvariantCulture, $"  {fault.From.TotalSeconds,6:0.0} to {fault.Until.TotalSeconds,6:0.0} s {fault.Name}: {fault.Evidence ?? "NO EFFECT"}\n");
        foreach (var undecided in Undecided)
            text.Append(CultureInfo.InvariantCulture, $"  undecided: {undecided}\n");
        foreach (var violation in Violations.Take(20))
            text.Append(CultureInfo.InvariantCulture, $"  VIOLATION {violation}\n");
        return text.ToString();
    }
}
