namespace Ha.Linearizability.Faults;

/// <summary>Several schedules at the same time.</summary>
/// <param name="schedules">The schedules.</param>
public sealed class FaultsTogether(params IFaultSchedule[] schedules) : IFaultSchedule
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<FaultRecord>> RunAsync(TimeProvider time, TimeSpan length, CancellationToken cancel)
    {
        var all = await Task.WhenAll(schedules.Select(s => s.RunAsync(time, length, cancel)));
        return [.. all.SelectMany(r => r).OrderBy(r => r.From)];
    }
}
