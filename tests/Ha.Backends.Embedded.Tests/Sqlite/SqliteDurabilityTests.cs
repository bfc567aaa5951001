using System.Globalization;
using System.Text;
using Ha.Core.Stores;

namespace Ha.Backends.Embedded.Tests.Sqlite;

public sealed class SqliteDurabilityTests : IDisposable
{
    private static readonly StoreKey Document = StoreKey.Of("ha/manager_status");

    private readonly TemporaryFile _file = new();

    [Fact]
    public async Task Every_acknowledged_commit_survives_the_death_of_all_processes()
    {
        long first, second;
        using (var a = KilledWriter.Start(_file.Database, "a"))
        using (var b = KilledWriter.Start(_file.Database, "b"))
        {
            var deaths = await Task.WhenAll(a.KillAfterAsync(40), b.KillAfterAsync(40));
            (first, second) = (deaths[0], deaths[1]);
        }

        await using var store = await _file.OpenAsync();
        Assert.InRange(await NumberAsync(store, "a"), first, first + 1);
        Assert.InRange(await NumberAsync(store, "b"), second, second + 1);
        Assert.Equal(await NumberAsync(store, "a"), await NumberAsync(store, "a/twin"));
        Assert.Equal(await NumberAsync(store, "b"), await NumberAsync(store, "b/twin"));
    }

    [Fact]
    public async Task Many_that_open_a_new_file_at_once_all_get_the_same_store()
    {
        for (var round = 0; round < 10; round++)
        {
            using var file = new TemporaryFile(inMemory: true);
            var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => file.OpenAsync()));
            await PutAsync(stores[0], "1");
            foreach (var store in stores)
            {
                Assert.NotNull(await store.GetAsync(Document, ReadLevel.Linearizable, default));
                await store.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task Revisions_go_on_after_deletion_and_reopening()
    {
        StoreRevision first;
        await using (var store = await _file.OpenAsync())
        {
            first = await PutAsync(store, "1");
            await store.CommitAsync(KvBatch.Empty.Delete(Document), default);
        }

        await using var again = await _file.OpenAsync();
        await PutAsync(again, "1");
        var stale = await again.CommitAsync(KvBatch.Empty.RequireRevision(Document, first).Put(Document, default), default);
        Assert.Equal(Document, Assert.IsType<KvOutcome.Conflict>(stale).Key);
    }

    [Fact]
    public async Task Ten_thousand_commits_of_one_document_grow_neither_file_nor_memory()
    {
        using var file = new TemporaryFile(inMemory: true);
        await using var store = await file.OpenAsync();
        using var end = new CancellationTokenSource();
        await using var watch = store.WatchAsync(StoreKey.Root, WatchOptions.Default, end.Token).GetAsyncEnumerator();
        await watch.MoveNextAsync(); // Open, and then never read again: the slowest reader there is.
        var document = new byte[20_000];
        for (var i = 0; i < 1_000; i++)
            await store.CommitAsync(KvBatch.Empty.Put(Document, document), default);
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 9_000; i++)
            await store.CommitAsync(KvBatch.Empty.Put(Document, document), default);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memory, long.MinValue, 1 << 20);
        Assert.InRange(file.Bytes, 1, 10 << 20);
    }

    public void Dispose() => _file.Dispose();

    private static async Task<StoreRevision> PutAsync(SqliteStore store, string value)
    {
        var outcome = await store.CommitAsync(KvBatch.Empty.Put(Document, Encoding.ASCII.GetBytes(value)), default);
        return Assert.IsType<KvOutcome.Committed>(outcome).Revisions[Document];
    }

    private static async Task<long> NumberAsync(SqliteStore store, string key) =>
        long.Parse(Encoding.ASCII.GetString((await store.GetAsync(StoreKey.Of(key), ReadLevel.Linearizable, default))!.Value.Span), CultureInfo.InvariantCulture);
}
