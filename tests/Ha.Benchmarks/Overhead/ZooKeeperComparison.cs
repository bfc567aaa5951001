using System.Globalization;
using Ha.Backends.ZooKeeper;
using Ha.Core.Stores;
using Ha.StoreServers;
using Ha.Testing;

namespace Ha.Benchmarks;

/// <summary>What our ZooKeeper adapter costs over prepared frames on sockets: one guard, one value of 256 bytes.</summary>
internal static class ZooKeeperComparison
{
    private const int ValueBytes = 256;
    private const int Workers = 64;
    private const string Chroot = "/bench";

    /// <summary>Runs against a server of our own, or one that is running.</summary>
    /// <param name="endpoint"><c>host:port</c>; null: start one.</param>
    public static async Task<int> RunAsync(string? endpoint)
    {
        if (endpoint is null && TestServers.UnavailableBecause(StoreKind.ZooKeeper) is { } reason)
        {
            await Console.Error.WriteLineAsync(reason);
            return 1;
        }

        await using var servers = endpoint is null ? await TestServers.StartAsync(new StoreServersSpec(StoreKind.ZooKeeper), CancellationToken.None) : null;
        endpoint ??= servers!.Members[0].Endpoint;
        var context = new StoreContext(new ManualStoreClock(), TimeProvider.System, new Guid(1, 0, 0, new byte[8]));
        var at = endpoint.LastIndexOf(':');
        var options = new ZooKeeperOptions([(endpoint[..at], int.Parse(endpoint[(at + 1)..], CultureInfo.InvariantCulture))], Chroot);
        // Without watching, which the bare client does not do either.
        await using var store = new LeaseLockingStore(await ZooKeeperStore.OpenAsync(options, context, default), context, observe: false);
        var name = DocumentKeys.ManagerLock;
        var handle = await TakeAsync(store, name);
        var value = new byte[ValueBytes];
        var keys = Enumerable.Range(0, Workers).Select(i => StoreKey.Of($"document/{i}")).ToArray();
        foreach (var key in keys)
            Committed(await store.CommitAsync(KvBatch.Empty.GuardedBy(handle.Token).Put(key, value), default));
        async Task CommitAsync(int worker) => Committed(await store.CommitAsync(KvBatch.Empty.GuardedBy(handle.Token).Put(keys[worker], value), default));
        Task<BareZooKeeper> BareAsync(int worker) =>
            BareZooKeeper.ConnectAsync(endpoint, $"{Chroot}/{LockKeys.Owner(name)}", (int)handle.Token.OwnerRevision.Low, $"{Chroot}/{keys[worker]}", value);
        using var shared = await BareAsync(0);
        var reading = shared.ReadAllAsync();
        var oneSocket = new SideBySide("ZooKeeper guarded commit, bare: one socket for all", CommitAsync, _ => shared.CommitBesideOthersAsync());
        await oneSocket.ReportAsync(1, 500);
        await oneSocket.ReportAsync(16, 150);
        await oneSocket.ReportAsync(Workers, 50);
        shared.Dispose();
        await reading;
        // What many connections would give: a server reads from one connection at a time.
        var each = await Task.WhenAll(Enumerable.Range(0, Workers).Select(BareAsync));
        var ownSockets = new SideBySide("ZooKeeper guarded commit, bare: a socket each", CommitAsync, worker => each[worker].CommitAsync());
        await ownSockets.ReportAsync(1, 500);
        await ownSockets.ReportAsync(16, 150);
        await ownSockets.ReportAsync(Workers, 50);
        Array.ForEach(each, e => e.Dispose());
        await handle.ReleaseAsync(default);
        return 0;
    }

    private static async Task<ILockHandle> TakeAsync(LeaseLockingStore store, StoreKey name) =>
        await store.TryAcquireAsync(name, new LockOptions("bench", TimeSpan.FromMinutes(2), AdoptOwn: true), default) is LockAttempt.Granted granted
            ? granted.Handle
            : throw new InvalidOperationException("the lock of the benchmark is held: use another server");

    private static void Committed(KvOutcome outcome)
    {
        if (outcome is not KvOutcome.Committed { Guard: GuardStrength.Enforced })
            throw new InvalidOperationException($"not committed: {outcome}");
    }
}
