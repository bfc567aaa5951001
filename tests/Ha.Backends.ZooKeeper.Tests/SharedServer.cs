using Ha.Backends.ZooKeeper.Tests;
using Ha.StoreServers;

[assembly: AssemblyFixture(typeof(SharedServer))]

namespace Ha.Backends.ZooKeeper.Tests;

/// <summary>One server for all tests of this assembly that do not harm it; each works in a chroot of its own.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    private static readonly Lock Gate = new();
    private static Task<IStoreServers>? _started;
    private static int _spaces;

    /// <summary>The server, started by the first who asks; skips the test where there is none.</summary>
    public static Task<IStoreServers> StartedAsync()
    {
        var reason = TestServers.UnavailableBecause(StoreKind.ZooKeeper);
        Assert.SkipWhen(reason is not null, reason ?? "");
        lock (Gate)
            return _started ??= TestServers.StartAsync(new StoreServersSpec(StoreKind.ZooKeeper), CancellationToken.None);
    }

    /// <summary>A part of the server that nobody has used.</summary>
    public static string NewSpace() => $"t{Interlocked.Increment(ref _spaces)}";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_started is not null)
            await (await _started).DisposeAsync();
    }
}
