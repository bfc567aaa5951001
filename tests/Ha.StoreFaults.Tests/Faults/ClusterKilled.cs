using Ha.Linearizability.Faults;
using Ha.StoreServers;

namespace Ha.StoreFaults.Tests.Faults;

/// <summary>All servers die at once, and are started again with what their disks hold.</summary>
internal sealed class ClusterKilled(IStoreServers servers) : IFault
{
    public string Name => "kill all servers";

    public Task StrikeAsync(CancellationToken cancel) => servers.KillAllAsync();

    public Task<string?> EvidenceAsync(CancellationToken cancel) =>
        Task.FromResult(servers.Members.All(m => !m.IsRunning) ? "no server runs" : null);

    public Task HealAsync(CancellationToken cancel) => servers.StartAllAsync(cancel);
}
