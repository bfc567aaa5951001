using System.Diagnostics;
using Ha.Core.Stores;
using Ha.StoreServers;
using Ha.StoreServers.Measuring;

namespace Ha.StoreFaults.Tests;

/// <summary>Connections that are lost again and again leave nothing behind: no socket, no memory, and at the server no watch.</summary>
/// <remarks>In real time: sockets and servers have no clock of ours. Two hundred cuts; ten thousand under <c>./ha soak</c>. Counted for the whole process, so nothing
/// may run beside it.</remarks>
[Collection(nameof(ReconnectTests))]
[CollectionDefinition(nameof(ReconnectTests), DisableParallelization = true)]
public sealed class ReconnectTests(ITestOutputHelper output)
{
    private const int MoreFiles = 20;
    private const double MoreWatches = 2;
    private const long MoreBytes = 8 << 20;
    private static readonly StoreKey Key = StoreKey.Of("x");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    [Theory]
    [InlineData(StoreKind.Etcd)]
    [InlineData(StoreKind.Consul)]
    [InlineData(StoreKind.ZooKeeper)]
    public async Task Many_lost_connections_of_a_store_with_a_watch_leave_nothing_behind(StoreKind kind)
    {
        var cancel = TestContext.Current.CancellationToken;
        Assert.SkipUnless(Directory.Exists("/proc/self/fd"), "open files are counted in /proc");
        var spec = new StoreServersSpec(kind) { Settings = ServerFigures.SettingsOf(kind) };
        var missing = TestServers.UnavailableBecause(spec);
        Assert.SkipWhen(missing is not null, missing ?? "");
        await using var servers = await TestServers.StartAsync(spec, cancel);
        await using var proxy = new CuttingProxy(servers.Members[0].Endpoint);
        var connection = servers.ConnectionString("reconnects").Replace(servers.Members[0].Endpoint, proxy.Endpoint, StringComparison.Ordinal);
        await using (var store = await Clients.OpenAsync(connection, cancel))
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var seen = new LastSeen();
            var watching = seen.FollowAsync(store, end.Token);
            await CutAsync(store, proxy, 100, cancel);
            await SeesAsync(store, seen, "before", cancel);
            var (files, watches, memory) = (Files(), await WatchesAsync(), GC.GetTotalMemory(forceFullCollection: true));

            var cuts = Environment.GetEnvironmentVariable("HA_SOAK_MINUTES") is null ? 200 : 10_000;
            var accepted = proxy.Accepted;
            await CutAsync(store, proxy, cuts, cancel);
            await SeesAsync(store, seen, "after", cancel);
            output.WriteLine($"{kind}: {cuts} cuts, {proxy.Accepted - accepted} connections; open files {files}, then {Files()}; watches {watches}, then {await WatchesAsync()}; bytes {memory}, then {GC.GetTotalMemory(forceFullCollection: true)}");
            Assert.InRange(proxy.Accepted - accepted, cuts * 9 / 10, int.MaxValue);
            await EventuallyAsync(() => Task.FromResult(Files() <= files + MoreFiles), () => $"{Files()} files are open, {files} were before", cancel);
            await EventuallyAsync(async () => await WatchesAsync() <= watches + MoreWatches, () => $"the server has more watches than the {watches} before", cancel);
            Assert.InRange(GC.GetTotalMemory(forceFullCollection: true), 0, memory + MoreBytes);
            await end.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
        }

        await EventuallyAsync(async () => proxy.Open == 0 && await WatchesAsync() == 0, () => $"{proxy.Open} connections of a closed store are open, or watches of it", cancel);

        async Task<double> WatchesAsync() => (await ServerFigures.ReadAsync(servers, cancel)).Watches ?? 0;
    }

    private static async Task CutAsync(ILockingKvStore store, CuttingProxy proxy, int times, CancellationToken cancel)
    {
        for (var i = 0; i < times; i++)
        {
            proxy.CutAll();
            try
            {
                await store.GetAsync(Key, ReadLevel.Linearizable, cancel);
            }
            catch (StoreException e) when (e.Error == StoreError.Unavailable)
            {
                // Cut while it was on its way.
            }
        }
    }

    private static async Task SeesAsync(ILockingKvStore store, LastSeen seen, string text, CancellationToken cancel)
    {
        await EventuallyAsync(
            async () =>
            {
                try
                {
                    return await store.CommitAsync(KvBatch.Empty.Put(Key, System.Text.Encoding.UTF8.GetBytes(text)), cancel) is KvOutcome.Committed;
                }
                catch (StoreException)
                {
                    return false; // The last cut may have met it.
                }
            },
            () => "nothing can be written",
            cancel);
        await EventuallyAsync(() => Task.FromResult(seen.Text == text), () => $"the watch tells '{seen.Text}' instead of '{text}'", cancel);
    }

    private static async Task EventuallyAsync(Func<Task<bool>> isSo, Func<string> complaint, CancellationToken cancel)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < Patience, complaint());
            await Task.Delay(Look, cancel);
        }
    }

    private static int Files() => Directory.GetFiles("/proc/self/fd").Length;

    private sealed class LastSeen
    {
        private volatile string _text = "";

        public string Text => _text;

        public async Task FollowAsync(ILockingKvStore store, CancellationToken cancel)
        {
            await foreach (var item in store.WatchAsync(StoreKey.Root, WatchOptions.Default, cancel))
            {
                var entry = item switch
                {
                    WatchItem.Snapshot snapshot => snapshot.Listing.Entries.FirstOrDefault(e => e.Key == Key),
                    WatchItem.Resync resync => resync.Listing.Entries.FirstOrDefault(e => e.Key == Key),
                    WatchItem.Changed changed when changed.Key == Key => changed.Now,
                    _ => null,
                };
                if (entry is not null)
                    _text = System.Text.Encoding.UTF8.GetString(entry.Value.Span);
            }
        }
    }
}
