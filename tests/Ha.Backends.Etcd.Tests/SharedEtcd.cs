using Ha.Backends.Etcd.Tests;
using Ha.StoreServers;

[assembly: AssemblyFixture(typeof(SharedEtcd))]

namespace Ha.Backends.Etcd.Tests;

/// <summary>One server that all tests of this assembly share which break nothing; started by the first that needs it.</summary>
public sealed class SharedEtcd : IAsyncDisposable
{
    private static readonly Lazy<Task<IStoreServers>> Server = new(() => TestServers.StartAsync(new StoreServersSpec(StoreKind.Etcd), CancellationToken.None));

    /// <summary>How to reach a part of it that nobody else uses. Skips the test where there is no server.</summary>
    public static async Task<string> ConnectionStringAsync(string space, params string[] parameters)
    {
        SkipWithoutServers();
        return (await Server.Value).ConnectionString(space, parameters);
    }

    public static void SkipWithoutServers()
    {
        var missing = TestServers.UnavailableBecause(StoreKind.Etcd);
        Assert.SkipWhen(missing is not null, missing ?? "");
    }

    public static void SkipWithout(StoreServersSpec spec)
    {
        var missing = TestServers.UnavailableBecause(spec);
        Assert.SkipWhen(missing is not null, missing ?? "");
    }

    public async ValueTask DisposeAsync()
    {
        if (Server.IsValueCreated)
            await (await Server.Value).DisposeAsync();
    }
}
