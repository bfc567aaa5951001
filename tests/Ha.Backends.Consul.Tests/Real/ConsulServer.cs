using Ha.Backends.Consul.Tests.Real;
using Ha.StoreServers;

[assembly: AssemblyFixture(typeof(ConsulServer))]

namespace Ha.Backends.Consul.Tests.Real;

/// <summary>One Consul server for all tests of this assembly, started when the first asks; each test works under a prefix of its own.</summary>
public sealed class ConsulServer : IAsyncDisposable
{
    /// <summary>The shortest presence the server takes: its usual ten seconds would make the tests of presence wait for minutes.</summary>
    public static readonly TimeSpan ShortestSession = TimeSpan.FromSeconds(1);

    private static readonly SemaphoreSlim Gate = new(1);
    private static IStoreServers? _servers;
    private static int _spaces;

    /// <summary>The server; a test that asks is skipped where there is none.</summary>
    public static async Task<IStoreServers> GetAsync()
    {
        Assert.SkipWhen(TestServers.UnavailableBecause(StoreKind.Consul) is not null, TestServers.UnavailableBecause(StoreKind.Consul) ?? "");
        await Gate.WaitAsync();
        try
        {
            var settings = new Dictionary<string, string> { ["session_ttl_min"] = "\"1s\"", ["limits"] = """{"http_max_conns_per_client": 1000}""" };
            return _servers ??= await TestServers.StartAsync(new StoreServersSpec(StoreKind.Consul) { Settings = settings }, CancellationToken.None);
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>A prefix nobody else uses.</summary>
    public static string NewSpace() => $"test-{Interlocked.Increment(ref _spaces)}";

    /// <summary>What a client of a space is configured with.</summary>
    public static async Task<string> ConnectionStringAsync(string space, params IEnumerable<string> parameters) =>
        (await GetAsync()).ConnectionString(space, ["session-ttl-min=1", .. parameters]);

    public async ValueTask DisposeAsync()
    {
        if (_servers is not null)
            await _servers.DisposeAsync();
    }
}
