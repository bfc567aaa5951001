namespace Ha.Linearizability.Faults;

/// <summary>What goes wrong during a workload, and when.</summary>
public interface IFaultSchedule
{
    /// <summary>Runs beside the workload, and returns with everything healed.</summary>
    /// <param name="time">The workload's time.</param>
    /// <param name="length">How long the workload takes; no fault begins later.</param>
    /// <param name="cancel">Ends it early; everything is healed all the same.</param>
    /// <returns>What happened.</returns>
    Task<IReadOnlyList<FaultRecord>> RunAsync(TimeProvider time, TimeSpan length, CancellationToken cancel);
}

/// <summary>A fault that happened.</summary>
/// <param name="Name">What it was.</param>
/// <param name="From">When it struck, since the start of the workload.</param>
/// <param name="Until">When it was healed.</param>
/// <param name="Evidence">What showed that it took effect; null: nothing did.</param>
public sealed record FaultRecord(string Name, TimeSpan From, TimeSpan Until, string? Evidence);
