using Ha.Core.Model;
using Ha.Core.Stores;
using Ha.Testing;

namespace Ha.Backends.Embedded.Tests;

public sealed class InMemoryWatchTests
{
    private static readonly StoreKey Nodes = StoreKey.Of("nodes");

    private readonly ManualTimeProvider _time = new();
    private readonly InMemoryStore _store;

    public InMemoryWatchTests() => _store = new InMemoryCluster().Connect(new ClockOf(_time), new Guid(1, 0, 0, new byte[8]), _time);

    [Fact]
    public async Task The_reader_goes_on_within_the_writers_call()
    {
        var seen = new List<WatchItem>();
        using var end = new CancellationTokenSource();
        var reading = ReadAsync(seen, end.Token);
        Assert.IsType<WatchItem.Snapshot>(seen[0]);
        await PutAsync("nodes/a/lrm_status");
        Assert.Equal(StoreKey.Of("nodes/a/lrm_status"), Assert.IsType<WatchItem.Changed>(seen[^2]).Key);
        Assert.IsType<WatchItem.Current>(seen[^1]);
        await PutAsync("nodesb");
        Assert.Equal(4, seen.Count); // Snapshot, current, changed, current; a neighbour's name is not below it.
        await end.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task An_announcement_vanishes_from_reads_and_watches_when_its_announcer_falls_silent()
    {
        var seen = new List<WatchItem>();
        using var end = new CancellationTokenSource();
        _ = ReadAsync(seen, end.Token);
        var key = StoreKey.Of("nodes/a/presence");
        var presence = await _store.AnnounceAsync(key, default, TimeSpan.FromSeconds(3), default);
        _time.Advance(TimeSpan.FromSeconds(2));
        await presence.RefreshAsync(default);
        _time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.NotNull(await _store.GetAsync(key, ReadLevel.Linearizable, default));
        _time.Advance(TimeSpan.FromSeconds(0.25));
        Assert.Null(seen.OfType<WatchItem.Changed>().Last().Now);
        Assert.Null(await _store.GetAsync(key, ReadLevel.Linearizable, default));
        var lost = await Assert.ThrowsAsync<StoreException>(() => presence.RefreshAsync(default));
        Assert.Equal(StoreError.PresenceLost, lost.Error);
        await end.CancelAsync();
    }

    [Fact]
    public async Task A_watch_out_of_reach_stalls_and_then_resyncs()
    {
        var seen = new List<WatchItem>();
        using var end = new CancellationTokenSource();
        _ = ReadAsync(seen, end.Token);
        var reachable = false;
        _store.DocumentsReachable = () => reachable;
        var other = _store.Cluster.Connect(_store.Clock, new Guid(2, 0, 0, new byte[8]));
        await other.CommitAsync(KvBatch.Empty.Put(StoreKey.Of("nodes/b"), "1"u8.ToArray()), default);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Single(seen.OfType<WatchItem.Stalled>());
        reachable = true;
        _time.Advance(TimeSpan.FromSeconds(0.25));
        Assert.Single(Assert.Single(seen.OfType<WatchItem.Resync>()).Listing.Entries);
        await end.CancelAsync();
    }

    [Fact]
    public async Task A_listing_is_sorted_and_segment_exact()
    {
        foreach (var key in new[] { "nodes/b", "nodes-x", "nodes/a/c", "nodes", "nodes/a", "nodes.y", "zz" })
            await PutAsync(key);
        var listing = await _store.ListAsync(Nodes, ReadLevel.Linearizable, default);
        Assert.Equal(["nodes", "nodes/a", "nodes/a/c", "nodes/b"], listing.Entries.Select(e => e.Key.Value));
        Assert.Equal(7, (await _store.ListAsync(StoreKey.Root, ReadLevel.Linearizable, default)).Entries.Count);
    }

    private async Task ReadAsync(List<WatchItem> seen, CancellationToken cancel)
    {
        await foreach (var item in _store.WatchAsync(Nodes, WatchOptions.Default, cancel))
            seen.Add(item);
    }

    private Task<KvOutcome> PutAsync(string key) => _store.CommitAsync(KvBatch.Empty.Put(StoreKey.Of(key), "1"u8.ToArray()), default);

    private sealed class ClockOf(ManualTimeProvider time) : IStoreClock
    {
        public Instant HolderNow => new(time.Elapsed);

        public Instant ObserverNow => new(time.Elapsed);
    }
}
