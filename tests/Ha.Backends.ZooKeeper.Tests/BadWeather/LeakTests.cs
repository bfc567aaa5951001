using Ha.Backends.ZooKeeper.Tests.Support;

namespace Ha.Backends.ZooKeeper.Tests.BadWeather;

/// <summary>What stays behind, counted for the whole process: so nothing else may run beside it.</summary>
[Collection(nameof(LeakTests))]
[CollectionDefinition(nameof(LeakTests), DisableParallelization = true)]
public sealed class LeakTests
{
    [Fact]
    public async Task Two_thousand_connections_later_nothing_is_left_of_them()
    {
        const int Cuts = 2000;
        var servers = await SharedServer.StartedAsync();
        await using var way = new FrameProxy(servers.Members[0].Endpoint);
        await using var store = await Stores.OpenAsync($"zookeeper://{way.Endpoint}/{SharedServer.NewSpace()}");
        await store.PutAsync(Stores.Document, "1");
        for (var i = 0; i < 50; i++)
            await CutAndReadAsync();
        var (memory, handles) = (GC.GetTotalMemory(forceFullCollection: true), OpenFiles());
        for (var i = 0; i < Cuts; i++)
            await CutAndReadAsync();
        Assert.True(way.Accepted > Cuts, $"only {way.Accepted} connections were made");
        // The kernel and the proxy close their ends when they come to it.
        for (var look = 0; look < 200 && OpenFiles() - handles > 20; look++)
            await Task.Delay(50);
        Assert.InRange(OpenFiles() - handles, int.MinValue, 20);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memory, long.MinValue, 4 << 20);

        async Task CutAndReadAsync()
        {
            way.Cut();
            Assert.Equal("1", await Stores.EventuallyAsync(() => store.GetAsync(Stores.Document)));
        }
    }

    private static int OpenFiles() => Directory.GetFiles("/proc/self/fd").Length;
}
