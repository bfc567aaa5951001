using Ha.Core.Stores;
using Ha.Linearizability.Faults;
using Ha.Linearizability.Workload;
using Ha.Testing;

namespace Ha.Linearizability.Tests.Workload;

/// <summary>One client cannot reach the store.</summary>
internal sealed class ClientCutOff(WorkloadClient client, StoreFaults faults) : IFault
{
    public string Name => $"cut off client {client.Number}";

    public Task StrikeAsync(CancellationToken cancel)
    {
        faults.Unreachable = true;
        return Task.CompletedTask;
    }

    public async Task<string?> EvidenceAsync(CancellationToken cancel)
    {
        try
        {
            await client.Store.GetAsync(StoreKey.Of("evidence"), ReadLevel.Linearizable, cancel);
            return null;
        }
        catch (StoreException e)
        {
            return e.Message;
        }
    }

    public Task HealAsync(CancellationToken cancel)
    {
        faults.Unreachable = false;
        return Task.CompletedTask;
    }
}

/// <summary>Everybody's watches lose their connections.</summary>
internal sealed class WatchesCut(IReadOnlyList<StoreFaults> all) : IFault
{
    public string Name => "cut all watches";

    public Task StrikeAsync(CancellationToken cancel)
    {
        foreach (var faults in all)
            faults.CutWatches();
        return Task.CompletedTask;
    }

    public Task<string?> EvidenceAsync(CancellationToken cancel) => Task.FromResult<string?>("their connections were cut");

    public Task HealAsync(CancellationToken cancel) => Task.CompletedTask;
}

/// <summary>A fault that does nothing.</summary>
internal sealed class Nothing : IFault
{
    public string Name => "nothing";

    public Task StrikeAsync(CancellationToken cancel) => Task.CompletedTask;

    public Task<string?> EvidenceAsync(CancellationToken cancel) => Task.FromResult<string?>(null);

    public Task HealAsync(CancellationToken cancel) => Task.CompletedTask;
}
