using System.Diagnostics;
using Ha.Core.Stores;
using Ha.StoreServers;

namespace Ha.StoreFaults.Tests;

/// <summary>A watch through a server that has lost the others says so, and misses nothing of what happened meanwhile.</summary>
/// <remarks>In real time: servers have no clock of ours.</remarks>
public sealed class IsolatedMemberTests
{
    private static readonly StoreKey Key = StoreKey.Of("x");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Theory]
    [InlineData(StoreKind.Etcd)]
    [InlineData(StoreKind.Consul)]
    [InlineData(StoreKind.ZooKeeper)]
    public async Task A_watch_through_an_isolated_member_is_stalled_and_catches_up_when_the_member_is_back(StoreKind kind)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var spec = new StoreServersSpec(kind) { Members = 3, Partitions = true };
        var missing = TestServers.UnavailableBecause(spec);
        Assert.SkipWhen(missing is not null, missing ?? "");
        await using var servers = await TestServers.StartAsync(spec, end.Token);
        var leader = await servers.WaitForLeaderAsync(null, end.Token);
        var isolated = servers.Members.First(m => m != leader);
        var all = servers.ConnectionString("isolated", "timeout=3");
        var endpoints = string.Join(',', servers.Members.Select(m => m.Endpoint));
        Assert.Contains(endpoints, all, StringComparison.Ordinal);
        await using var writer = await Clients.OpenAsync(all.Replace(endpoints, string.Join(',', servers.Members.Where(m => m != isolated).Select(m => m.Endpoint)), StringComparison.Ordinal), end.Token);
        await using var watcher = await Clients.OpenAsync(all.Replace(endpoints, isolated.Endpoint, StringComparison.Ordinal), end.Token);
        end.CancelAfter(Patience);
        await using var items = watcher.WatchAsync(StoreKey.Root, WatchOptions.Default, end.Token).GetAsyncEnumerator(end.Token);
        await UntilAsync(items, i => i is WatchItem.Snapshot);

        await isolated.IsolateFromPeersAsync();
        await UntilAsync(items, i => i is WatchItem.Stalled);
        await CommitAsync(writer, 1, end.Token);
        await CommitAsync(writer, 2, end.Token);
        await isolated.HealAsync();
        await UntilAsync(items, i => ValueIn(i) is [2]);
    }

    private static byte[]? ValueIn(WatchItem item) => item switch
    {
        WatchItem.Changed { Now: { } now } when now.Key == Key => now.Value.ToArray(),
        WatchItem.Resync resync => resync.Listing.Entries.FirstOrDefault(e => e.Key == Key)?.Value.ToArray(),
        _ => null,
    };

    private static async Task UntilAsync(IAsyncEnumerator<WatchItem> items, Predicate<WatchItem> wanted)
    {
        do
        {
            Assert.True(await items.MoveNextAsync(), "the watch ended");
        }
        while (!wanted(items.Current));
    }

    private static async Task CommitAsync(ILockingKvStore store, byte value, CancellationToken cancel)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                Assert.IsType<KvOutcome.Committed>(await store.CommitAsync(KvBatch.Empty.Put(Key, new[] { value }), cancel));
                return;
            }
            catch (StoreException) when (Stopwatch.GetElapsedTime(since) < Patience)
            {
                await Task.Delay(100, cancel); // The majority may be electing.
            }
        }
    }
}
