using System.Diagnostics;
using Ha.Backends.ZooKeeper.Tests.Support;
using Ha.Core.Stores;

namespace Ha.Backends.ZooKeeper.Tests.BadWeather;

/// <summary>Connections that break, at every moment and very often. Real time, since the servers' is.</summary>
public sealed class CutTests : IAsyncLifetime
{
    private const int Multi = 14, GetData = 4;

    private readonly string _space = SharedServer.NewSpace();
    private FrameProxy? _way;
    private ZooKeeperStore? _direct;
    private ZooKeeperStore? _store;

    private FrameProxy Way => _way!;

    private ZooKeeperStore Direct => _direct!;

    private ZooKeeperStore Store => _store!;

    public async ValueTask InitializeAsync()
    {
        var servers = await SharedServer.StartedAsync();
        _way = new FrameProxy(servers.Members[0].Endpoint);
        _direct = await Stores.OpenAsync(servers.ConnectionString(_space));
        _store = await Stores.OpenAsync($"zookeeper://{_way.Endpoint}/{_space}");
    }

    [Fact]
    public async Task A_write_that_is_cut_on_its_way_is_unknown_and_one_that_cannot_be_sent_is_not_applied()
    {
        await Store.PutAsync(Stores.Document, "1");
        Way.CutAt = (_, operation) => operation == Multi;
        Assert.Equal(Applied.Maybe, (await Stores.FailsAsync(StoreError.OutcomeUnknown, "may have been carried out", () => Store.PutAsync(Stores.Document, "2"))).Applied);
        // Now the connection itself cannot be made, since it begins with a transaction.
        Assert.Equal(Applied.No, (await Stores.FailsAsync(StoreError.Unavailable, Way.Endpoint, () => Store.PutAsync(Stores.Document, "3"))).Applied);
        Way.CutAt = null;
        Assert.Equal("1", await Store.GetAsync(Stores.Document));
    }

    [Fact]
    public async Task A_read_that_is_cut_is_asked_again_where_another_server_is()
    {
        await using var second = new FrameProxy((await SharedServer.StartedAsync()).Members[0].Endpoint);
        await using var store = await Stores.OpenAsync($"zookeeper://{Way.Endpoint},{second.Endpoint}/{_space}");
        await store.PutAsync(Stores.Document, "1");
        var cuts = 0;
        bool Once(int number, int operation) => number > 3 && operation == GetData && Interlocked.Increment(ref cuts) == 1;
        (Way.CutAt, second.CutAt) = (Once, Once);
        Assert.Equal("1", await store.GetAsync(Stores.Document));
        Assert.True(cuts > 1, "nothing was cut");
    }

    [Fact]
    public async Task A_session_goes_on_over_a_new_connection_and_so_does_an_announcement()
    {
        var key = StoreKey.Of("nodes/a/presence");
        await using var presence = await Store.AnnounceAsync(key, "here"u8.ToArray(), TimeSpan.FromSeconds(10), default);
        for (var cut = 0; cut < 5; cut++)
        {
            Way.Cut();
            await Stores.EventuallyAsync(async () =>
            {
                await presence.RefreshAsync(default);
                return true;
            });
            Assert.Equal("here", await Direct.GetAsync(key));
        }
    }

    [Fact]
    public async Task No_change_is_missed_however_often_a_watch_is_cut()
    {
        const int Cuts = 6;
        var shown = new Dictionary<StoreKey, StoreRevision>();
        var resyncs = 0;
        Dictionary<StoreKey, StoreRevision> wanted = [];
        using var end = new CancellationTokenSource();
        var watching = Task.Run(async () =>
        {
            await foreach (var item in Store.WatchAsync(StoreKey.Of("k"), WatchOptions.Default, end.Token))
            {
                lock (shown)
                    Show(item);
            }
        });
        var random = new Random(4711);
        for (var cut = 0; cut < Cuts; cut++)
        {
            for (var i = 0; i < 40; i++)
            {
                var key = StoreKey.Of($"k/{random.Next(8)}");
                await Direct.CommitAsync(random.Next(3) == 0 ? KvBatch.Empty.Delete(key) : KvBatch.Empty.Put(key, new[] { (byte)i }), default);
                if (i == 20)
                    Way.Cut();
            }

            wanted = (await Direct.ListAsync(StoreKey.Of("k"), ReadLevel.Linearizable, default)).Entries.ToDictionary(e => e.Key, e => e.Revision);
            var until = Stopwatch.StartNew();
            while (!Same())
            {
                Assert.True(until.Elapsed < TimeSpan.FromSeconds(30), $"the watch shows {shown.Count} of {wanted.Count} keys after {resyncs} resyncs");
                await Task.Delay(20);
            }
        }

        Assert.True(resyncs >= Cuts, $"{resyncs} resyncs after {Cuts} cuts");
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);

        bool Same()
        {
            lock (shown)
                return shown.Count == wanted.Count && wanted.All(w => shown.TryGetValue(w.Key, out var revision) && revision == w.Value);
        }

        void Show(WatchItem item)
        {
            var listing = item is WatchItem.Snapshot snapshot ? snapshot.Listing : item is WatchItem.Resync resync ? resync.Listing : null;
            resyncs += item is WatchItem.Resync ? 1 : 0;
            if (listing is not null)
            {
                shown.Clear();
                foreach (var entry in listing.Entries)
                    shown[entry.Key] = entry.Revision;
            }
            else if (item is WatchItem.Changed { Now: { } now })
            {
                shown[now.Key] = now.Revision;
            }
            else if (item is WatchItem.Changed gone)
            {
                shown.Remove(gone.Key);
            }
        }
    }

    [Fact]
    public async Task A_watch_that_is_cut_again_and_again_is_soon_back_each_time()
    {
        const int Cuts = 16;
        var key = StoreKey.Of("k/often");
        using var end = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await using var items = Store.WatchAsync(StoreKey.Of("k"), WatchOptions.Default, end.Token).GetAsyncEnumerator(end.Token);
        Assert.True(await items.MoveNextAsync());
        var since = Stopwatch.StartNew();
        for (var cut = 0; cut < Cuts; cut++)
        {
            Way.Cut();
            var value = new[] { (byte)cut };
            await Direct.CommitAsync(KvBatch.Empty.Put(key, value), default);
            do
                Assert.True(await items.MoveNextAsync());
            while (!Shows(items.Current, value));
        }

        // A pause may grow to five seconds, but only while no connection carries a listing: with such pauses this takes half a minute, without them three seconds.
        Assert.True(since.Elapsed < TimeSpan.FromSeconds(Cuts), $"{Cuts} cuts took {since.Elapsed.TotalSeconds:0.0} s");

        bool Shows(WatchItem item, byte[] value) => item switch
        {
            WatchItem.Changed { Now: { } now } => now.Value.Span.SequenceEqual(value),
            WatchItem.Resync resync => resync.Listing.Entries.Any(e => e.Key == key && e.Value.Span.SequenceEqual(value)),
            _ => false,
        };
    }

    [Fact]
    public async Task A_watch_without_answers_says_that_it_is_stalled_and_then_that_it_is_current()
    {
        using var end = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await using var items = Store.WatchAsync(StoreKey.Root, new WatchOptions(TimeSpan.FromMilliseconds(200)), end.Token).GetAsyncEnumerator(end.Token);
        await UntilAsync<WatchItem.Current>();
        Way.Hold();
        await UntilAsync<WatchItem.Stalled>();
        await Direct.PutAsync(StoreKey.Of("x"), "1");
        Way.Release();
        await UntilAsync<WatchItem.Current>();
        Assert.Equal("1", await Store.GetAsync(StoreKey.Of("x")));

        async Task UntilAsync<T>()
        {
            do
                Assert.True(await items.MoveNextAsync());
            while (items.Current is not T);
        }
    }

    [Fact]
    public async Task Disposing_a_store_leaves_no_connection()
    {
        var store = await Stores.OpenAsync($"zookeeper://{Way.Endpoint}/{_space}");
        var watch = store.WatchAsync(StoreKey.Root, WatchOptions.Default, CancellationToken.None).GetAsyncEnumerator();
        await watch.MoveNextAsync();
        await store.AnnounceAsync(StoreKey.Of("nodes/b/presence"), default, TimeSpan.FromSeconds(10), default);
        Assert.True(Way.Open >= 4, $"{Way.Open} connections are open"); // Ours has one, this one three.
        await store.DisposeAsync();
        await Stores.FailsAsync(StoreError.Unavailable, "was closed", async () =>
        {
            while (await watch.MoveNextAsync())
            {
            }
        });
        await Stores.FailsAsync(StoreError.Unavailable, "was closed", () => store.GetAsync(Stores.Document));
        for (var look = 0; Way.Open > 1; look++)
        {
            Assert.True(look < 200, $"{Way.Open} connections are open");
            await Task.Delay(10); // The proxy hears of it a little later.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is null)
            return;
        await _store.DisposeAsync();
        await _direct!.DisposeAsync();
        await _way!.DisposeAsync();
    }
}
