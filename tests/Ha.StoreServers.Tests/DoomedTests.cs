using Ha.StoreServers.Containers;
using Ha.StoreServers.Local;

namespace Ha.StoreServers.Tests;

/// <summary>A test process of its own that starts a server, says so, and waits to be killed.</summary>
internal static class DoomedTests
{
    public const string Command = "doomed-tests";

    public static async Task<int> RunAsync(string provider)
    {
        IStoreServersProvider from = provider == "local" ? new LocalServersProvider() : new ContainerServersProvider();
        await using var servers = await from.StartAsync(new(StoreKind.Etcd) { Partitions = true }, CancellationToken.None);
        Console.WriteLine("ready");
        Console.ReadLine();
        return 0;
    }
}
