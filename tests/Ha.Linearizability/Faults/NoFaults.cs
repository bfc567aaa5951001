namespace Ha.Linearizability.Faults;

/// <summary>Nothing goes wrong.</summary>
public sealed class NoFaults : IFaultSchedule
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<FaultRecord>> RunAsync(TimeProvider time, TimeSpan length, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<FaultRecord>>([]);
}
