using Ha.Core.Stores;
using Xunit;

namespace Ha.Conformance;

/// <summary>Group F: watches, as far as they need no server.</summary>
public abstract class WatchSuite<TFixture> : StoreSuite<TFixture>
    where TFixture : IStoreFixture, new()
{
    private static readonly StoreKey Everything = StoreKey.Root;

    [Fact, Case("F48", "Watch_SnapshotFirst_ThenConverges")]
    public async Task A_watch_begins_with_a_snapshot_and_converges_to_what_is_stored()
    {
        await PutAsync(A, "nodes/a/x", "1");
        await PutAsync(A, "nodesetc", "not under the prefix");
        await using var watch = Watch(B, StoreKey.Of("nodes"));
        await watch.UntilBegunAsync();
        var snapshot = Assert.IsType<WatchItem.Snapshot>(watch.Items[0]);
        Assert.Equal(["nodes/a/x"], snapshot.Listing.Entries.Select(e => e.Key.Value));

        var random = new Random(Seed());
        for (var i = 0; i < 200; i++)
        {
            var key = StoreKey.Of($"{(random.Next(2) == 0 ? "nodes" : "nodesetc")}/{random.Next(10)}");
            await CommittedAsync(random.Next(2) == 0 ? A : B, random.Next(4) == 0 ? KvBatch.Empty.Delete(key) : KvBatch.Empty.Put(key, Bytes($"{i}")));
        }

        await watch.UntilShowsAsync(await ListAsync(A, StoreKey.Of("nodes")));
        await watch.UntilAsync(() => watch.Items.Any(i => i is WatchItem.Current), "that it is current");
    }

    [Fact, Case("F49", "Watch_NoGapBetweenSnapshotAndStream")]
    public async Task No_change_falls_between_the_snapshot_and_the_stream()
    {
        for (var round = 0; round < 10; round++)
        {
            using var stop = new CancellationTokenSource();
            var writing = Task.Run(() => HammerAsync(stop.Token));
            var watches = Enumerable.Range(0, 20).Select(_ => Watch(B, StoreKey.Of("hammered"))).ToList();
            foreach (var watch in watches)
                await watch.UntilBegunAsync();
            await stop.CancelAsync();
            await writing;

            var final = await ListAsync(A, StoreKey.Of("hammered"));
            foreach (var watch in watches)
            {
                await watch.UntilShowsAsync(final);
                await watch.DisposeAsync();
            }
        }
    }

    [Fact, Case("F50", "Watch_DeleteRecreate_Seen")]
    public async Task A_key_that_is_deleted_and_made_again_is_seen_as_new()
    {
        var key = StoreKey.Of("x");
        var first = await PutAsync(A, "x", "same");
        await using var watch = Watch(B, Everything);
        await watch.UntilAsync(() => watch.RevisionOf(key) == first, "the first life");
        await CommittedAsync(A, KvBatch.Empty.Delete(key));
        await watch.UntilAsync(() => watch.RevisionOf(key) is null, "the deletion");
        await PutAsync(A, "x", "same");
        await CommittedAsync(A, KvBatch.Empty.Delete(key));
        var third = await PutAsync(A, "x", "same");

        await watch.UntilAsync(() => watch.RevisionOf(key) == third, "the last life");
    }

    [Fact, Case("F51", "Watch_ConnectionCut_MissedChangesArrive")]
    public async Task What_happens_while_a_watch_is_cut_off_is_made_up_for()
    {
        await PutAsync(A, "kept", "1");
        await PutAsync(A, "deleted", "1");
        await using var watch = Watch(B, Everything);
        await watch.UntilShowsAsync(await ListAsync(A, Everything));
        B.Faults.Unreachable = true;
        await PutAsync(A, "kept", "2");
        await PutAsync(A, "made", "1");
        await CommittedAsync(A, KvBatch.Empty.Delete(StoreKey.Of("made")));
        await CommittedAsync(A, KvBatch.Empty.Delete(StoreKey.Of("deleted")));
        await PutAsync(A, "new", "1");
        B.Faults.Unreachable = false;
        await watch.UntilShowsAsync(await ListAsync(A, Everything));

        for (var i = 0; i < 20; i++)
        {
            await PutAsync(A, "kept", $"before cut {i}");
            B.Faults.CutWatches();
            await PutAsync(A, "kept", $"after cut {i}");
        }

        await watch.UntilShowsAsync(await ListAsync(A, Everything));
    }

    [Fact, Case("F53a", "Watch_Unreachable_StalledThenRecovers")]
    public async Task A_watch_that_cannot_prove_its_currency_says_so_and_recovers()
    {
        await using var watch = Watch(B, Everything, new WatchOptions(TimeSpan.FromMilliseconds(100)));
        await watch.UntilBegunAsync();
        B.Faults.Unreachable = true;
        await watch.UntilAsync(() => watch.Items.Any(i => i is WatchItem.Stalled), "that it is stalled");
        await PutAsync(A, "x", "1");
        B.Faults.Unreachable = false;

        await watch.UntilShowsAsync(await ListAsync(A, Everything));
        await watch.UntilAsync(() => watch.Items[^1] is WatchItem.Current, "that it is current again");
    }

    [Fact, Case("F54", "Watch_SlowConsumer_BoundedMemory")]
    public async Task A_slow_reader_finds_a_bounded_number_of_items_and_the_right_state()
    {
        const int Keys = 64, Changes = 1000, Buffer = 8;
        using var cancel = new CancellationTokenSource(Fixture.Patience);
        await using var items = B.Store.WatchAsync(Everything, new WatchOptions(TimeSpan.FromMinutes(5), Buffer), cancel.Token).GetAsyncEnumerator(cancel.Token);
        Assert.True(await items.MoveNextAsync());
        Assert.IsType<WatchItem.Snapshot>(items.Current);
        for (var i = 0; i < Changes; i++)
            await PutAsync(A, $"key/{i % Keys}", $"{i}");

        var last = (await ListAsync(A, Everything)).Entries.ToDictionary(e => e.Key, e => e.Revision);
        var seen = new Dictionary<StoreKey, StoreRevision>();
        var read = 0;
        while (!(seen.Count == last.Count && last.All(l => seen[l.Key] == l.Value)))
        {
            Assert.True(await NextAsync(items), "the watch ended");
            if (items.Current is not WatchItem.Current)
                read++;
            Assert.True(read <= 2 * Keys, $"{read} items and no end, with {Keys} keys and a buffer of {Buffer}");
            if (items.Current is WatchItem.Resync resync)
                seen = resync.Listing.Entries.ToDictionary(e => e.Key, e => e.Revision);
            else if (items.Current is WatchItem.Changed changed)
                seen[changed.Key] = changed.Now!.Revision;
        }
    }

    [Fact, Case("F56", "Watch_NeverEndsSilently")]
    public async Task A_watch_survives_every_fault_and_ends_when_cancelled()
    {
        await using (var watch = Watch(B, Everything))
        {
            await watch.UntilBegunAsync();
            B.Faults.CutWatches();
            await PutAsync(A, "x", "1");
            await watch.UntilShowsAsync(await ListAsync(A, Everything));
            B.Faults.Unreachable = true;
            await Cluster.AdvanceAsync(TimeSpan.FromMinutes(1));
            await PutAsync(A, "x", "2");
            B.Faults.Unreachable = false;
            await watch.UntilShowsAsync(await ListAsync(A, Everything));
            B.Faults.CutWatches();
            B.Faults.CutWatches();
            await CommittedAsync(A, KvBatch.Empty.Delete(StoreKey.Of("x")));
            await watch.UntilShowsAsync(await ListAsync(A, Everything));
        } // Waits for the end of the stream.

        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var items = 0;
        try
        {
            await foreach (var _ in B.Store.WatchAsync(Everything, WatchOptions.Default, cancelled.Token))
                items++;
        }
        catch (OperationCanceledException)
        {
            // As good an end as the other.
        }

        Assert.InRange(items, 0, 1);
    }

    private async Task HammerAsync(CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var key = StoreKey.Of($"hammered/{i % 7}");
            await CommittedAsync(A, i % 5 == 4 ? KvBatch.Empty.Delete(key) : KvBatch.Empty.Put(key, Bytes($"{i}")));
        }
    }

    private async Task<bool> NextAsync(IAsyncEnumerator<WatchItem> items)
    {
        var next = items.MoveNextAsync().AsTask();
        while (!next.IsCompleted)
        {
            // The store's reader may be on another thread: wait for it, and give a polling store its next turn.
            await Task.WhenAny(next, Task.Delay(5));
            Cluster.WatchTurn();
        }

        return await next;
    }
}
