using Ha.Linearizability.Workload;

namespace Ha.Linearizability.Faults;

/// <summary>A client is stopped, if long enough past the TTL of what it holds, and then goes on as if nothing had happened.</summary>
/// <param name="client">The client.</param>
public sealed class ClientFrozen(WorkloadClient client) : IFault
{
    /// <inheritdoc/>
    public string Name => $"stop client {client.Number}";

    /// <inheritdoc/>
    public Task StrikeAsync(CancellationToken cancel)
    {
        client.Freezer.Freeze();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<string?> EvidenceAsync(CancellationToken cancel) =>
        Task.FromResult(client.Freezer.Stopped > 0 ? $"{client.Freezer.Stopped} of its loops stood still" : null);

    /// <inheritdoc/>
    public Task HealAsync(CancellationToken cancel)
    {
        client.Freezer.Thaw();
        return Task.CompletedTask;
    }
}
