using Ha.Core.Stores;
using Ha.Hosting;
using Ha.Linearizability.Workload;

namespace Ha.StoreFaults.Tests;

/// <summary>Opens a store as the programs do.</summary>
internal static class Clients
{
    public static Task<ILockingKvStore> OpenAsync(string connection, CancellationToken cancel) => new StoreRegistry(StoreSelection.BuiltIn).OpenAsync(
        connection, new StoreContext(new RatedClock(TimeProvider.System), TimeProvider.System, Guid.NewGuid()), cancel);
}
