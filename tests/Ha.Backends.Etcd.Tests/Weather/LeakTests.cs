using Ha.Core.Stores;

namespace Ha.Backends.Etcd.Tests.Weather;

/// <summary>What stays behind, counted for the whole process: so nothing else may run beside it.</summary>
[Collection(nameof(LeakTests))]
[CollectionDefinition(nameof(LeakTests), DisableParallelization = true)]
public sealed class LeakTests
{
    [Fact]
    public async Task Two_thousand_reconnects_and_many_stores_leave_no_socket_and_no_memory()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self/fd"), "open files are counted in /proc");
        var direct = await SharedEtcd.ConnectionStringAsync("reconnects");
        await using var proxy = new TcpProxy(direct.Split('/')[2]);
        await ReconnectAsync(proxy, 100);
        var (files, memory) = (Files(), GC.GetTotalMemory(forceFullCollection: true));
        await ReconnectAsync(proxy, 2000);
        for (var i = 0; i < 50; i++)
        {
            await using var store = await Opening.OpenAsync($"etcd://{proxy.Endpoint}/reconnects");
            await using var items = store.WatchAsync(StoreKey.Root, WatchOptions.Default, CancellationToken.None).GetAsyncEnumerator();
            Assert.True(await items.MoveNextAsync());
        }

        // The kernel and the proxy close their ends when they come to it.
        for (var i = 0; i < 200 && Files() > files + 5; i++)
            await Task.Delay(50);
        Assert.InRange(Files(), 0, files + 5);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true), 0, memory + (4 << 20));
    }

    private static async Task ReconnectAsync(TcpProxy proxy, int times)
    {
        await using var store = await Opening.OpenAsync($"etcd://{proxy.Endpoint}/reconnects?timeout=20");
        var before = proxy.Connections;
        for (var i = 0; i < times; i++)
        {
            proxy.Cut();
            await store.GetAsync("a");
        }

        Assert.InRange(proxy.Connections - before, times * 9 / 10, times * 2);
    }

    private static int Files() => Directory.GetFiles("/proc/self/fd").Length;
}
