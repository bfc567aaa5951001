using System.Globalization;
using Ha.Backends.ZooKeeper;
using Ha.Core.Stores;
using Ha.StoreServers;

namespace Ha.Benchmarks.Overhead;

/// <summary>What our ZooKeeper adapter costs over prepared frames on sockets: one guard, one value of 256 bytes.</summary>
internal static class ZooKeeperComparison
{
    private const string Chroot = "/bench";

    /// <summary>Runs against a server of our own, or one that is running.</summary>
    /// <param name="endpoint"><c>host:port</c>; null: start one.</param>
    public static Task<int> RunAsync(string? endpoint) => GuardedCommits.CompareAsync(StoreKind.ZooKeeper, endpoint, OpenAsync, CompareAsync);

    private static async Task<IKeyValueStore> OpenAsync(string endpoint, StoreContext context)
    {
        var at = endpoint.LastIndexOf(':');
        return await ZooKeeperStore.OpenAsync(new ZooKeeperOptions([(endpoint[..at], int.Parse(endpoint[(at + 1)..], CultureInfo.InvariantCulture))], Chroot), context, default);
    }

    private static async Task CompareAsync(GuardedCommits commits)
    {
        // A node must be there before it can be set.
        for (var worker = 0; worker < GuardedCommits.Workers; worker++)
            await commits.CommitAsync(worker);
        Task<BareZooKeeper> BareAsync(int worker) =>
            BareZooKeeper.ConnectAsync(commits.Endpoint, $"{Chroot}/{commits.Owner}", (int)commits.OwnerRevision, $"{Chroot}/{commits.Keys[worker]}", commits.Value);
        using var shared = await BareAsync(0);
        var reading = shared.ReadAllAsync();
        await new SideBySide("ZooKeeper guarded commit, bare: one socket for all", commits.CommitAsync, _ => shared.CommitBesideOthersAsync()).ReportAllAsync();
        shared.Dispose();
        await reading;
        // What many connections would give: a server reads from one connection at a time.
        var each = await Task.WhenAll(Enumerable.Range(0, GuardedCommits.Workers).Select(BareAsync));
        await new SideBySide("ZooKeeper guarded commit, bare: a socket each", commits.CommitAsync, worker => each[worker].CommitAsync()).ReportAllAsync();
        Array.ForEach(each, e => e.Dispose());
    }
}
