using Ha.Core.Stores;
using Ha.StoreServers;

namespace Ha.Backends.Consul.Tests.Real;

/// <summary>What stays behind, counted for the whole process: so nothing else may run beside it.</summary>
[Collection(nameof(LeakTests))]
[CollectionDefinition(nameof(LeakTests), DisableParallelization = true)]
public sealed class LeakTests
{
    private static readonly StoreKey X = StoreKey.Of("x");

    [Fact]
    public async Task Two_thousand_lost_connections_leave_nothing_behind()
    {
        var good = (await ConsulServer.GetAsync()).Members[0].Endpoint;
        await using var proxy = new CuttingProxy(good);
        await using var store = await OpenAsync($"consul://{proxy.Endpoint}/{ConsulServer.NewSpace()}");
        await RunAsync(store, proxy, 200);
        var (sockets, memory) = (OpenSockets(), GC.GetTotalMemory(forceFullCollection: true));
        await RunAsync(store, proxy, 2000);
        // The kernel and the proxy close their ends when they come to it.
        for (var look = 0; look < 200 && OpenSockets() - sockets > 20; look++)
            await Task.Delay(50);
        Assert.InRange(OpenSockets() - sockets, int.MinValue, 20);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memory, long.MinValue, 1 << 20);
    }

    private static async Task RunAsync(ConsulStore store, CuttingProxy proxy, int times)
    {
        for (var i = 0; i < times; i++)
        {
            proxy.CutAll();
            try
            {
                await store.GetAsync(X, ReadLevel.Linearizable, default);
            }
            catch (StoreException e) when (e.Error == StoreError.Unavailable)
            {
                // Cut while it was on its way.
            }
        }
    }

    private static int OpenSockets() => OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries("/proc/self/fd").Length : 0;

    private static Task<ConsulStore> OpenAsync(string connection) => ConsulStore.OpenAsync(Connections.Parse(connection), TimeProvider.System, null, default);
}
