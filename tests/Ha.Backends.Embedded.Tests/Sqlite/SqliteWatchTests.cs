using Ha.Core.Stores;

namespace Ha.Backends.Embedded.Tests.Sqlite;

/// <summary>Real time: a watch polls a file that another connection changes.</summary>
public sealed class SqliteWatchTests : IAsyncLifetime
{
    private static readonly StoreKey Document = StoreKey.Of("nodes/a/lrm_status");
    private static readonly StoreKey Presence = StoreKey.Of("nodes/a/presence");

    private readonly TemporaryFile _file = new();
    private readonly CancellationTokenSource _end = new(TimeSpan.FromMinutes(2));
    private long _bootTime = 1_000_000;
    private SqliteStore? _reader;
    private SqliteStore? _writer;

    public async ValueTask InitializeAsync()
    {
        var clock = new BootClock(() => Interlocked.Read(ref _bootTime), "this boot");
        (_reader, _writer) = (await _file.OpenAsync(clock), await _file.OpenAsync(clock));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reader!.DisposeAsync();
        await _writer!.DisposeAsync();
        _end.Dispose();
        _file.Dispose();
    }

    [Fact]
    public async Task What_another_process_writes_and_deletes_is_seen()
    {
        await using var items = await WatchAsync();
        await PutAsync(Document, "1"u8.ToArray());
        Assert.Equal("1"u8.ToArray(), (await NextChangeAsync(items)).Now!.Value.ToArray());
        await PutAsync(StoreKey.Of("elsewhere"), default);
        await _writer!.CommitAsync(KvBatch.Empty.Delete(Document), default);
        var deleted = await NextChangeAsync(items);
        Assert.Equal((Document, null), (deleted.Key, deleted.Now));
    }

    [Fact]
    public async Task Currency_is_proven_again_and_again_without_changes()
    {
        await using var items = await WatchAsync();
        for (var proofs = 0; proofs < 3; await items.MoveNextAsync())
            proofs += items.Current is WatchItem.Current ? 1 : 0;
    }

    [Fact]
    public async Task An_announcement_that_is_not_refreshed_vanishes_also_from_watches()
    {
        await using var items = await WatchAsync();
        var presence = await _writer!.AnnounceAsync(Presence, "x"u8.ToArray(), TimeSpan.FromSeconds(3), default);
        Assert.NotNull((await NextChangeAsync(items)).Now);
        Interlocked.Add(ref _bootTime, 2_000);
        await presence.RefreshAsync(default);
        Interlocked.Add(ref _bootTime, 2_999);
        Assert.NotNull(await _reader!.GetAsync(Presence, ReadLevel.Linearizable, default));
        Interlocked.Add(ref _bootTime, 1);
        var gone = await NextChangeAsync(items);
        Assert.Equal((Presence, null), (gone.Key, gone.Now));
        Assert.Null(await _reader.GetAsync(Presence, ReadLevel.Linearizable, default));
        Assert.Equal(StoreError.PresenceLost, (await Assert.ThrowsAsync<StoreException>(() => presence.RefreshAsync(default))).Error);
    }

    [Fact]
    public async Task An_announcement_does_not_survive_a_reboot()
    {
        await _writer!.AnnounceAsync(Presence, default, TimeSpan.FromHours(1), default);
        await using var rebooted = await _file.OpenAsync(new BootClock(() => 1, "the next boot"));
        Assert.Null(await rebooted.GetAsync(Presence, ReadLevel.Linearizable, default));
    }

    [Fact]
    public async Task A_withdrawn_announcement_is_gone_at_once_and_a_taken_over_one_stays()
    {
        var first = await _writer!.AnnounceAsync(Presence, "1"u8.ToArray(), TimeSpan.FromSeconds(30), default);
        var second = await _reader!.AnnounceAsync(Presence, "2"u8.ToArray(), TimeSpan.FromSeconds(30), default);
        await first.DisposeAsync();
        Assert.NotNull(await _reader.GetAsync(Presence, ReadLevel.Linearizable, default));
        await second.DisposeAsync();
        Assert.Null(await _reader.GetAsync(Presence, ReadLevel.Linearizable, default));
    }

    [Fact]
    public async Task A_reader_too_slow_for_its_buffer_gets_everything_anew()
    {
        await using var items = await WatchAsync(new WatchOptions(TimeSpan.FromSeconds(1), BufferedKeys: 2));
        await _writer!.CommitAsync(Enumerable.Range(0, 5).Aggregate(KvBatch.Empty, (b, i) => b.Put(StoreKey.Of($"nodes/{i}"), default)), default);
        while (items.Current is not WatchItem.Resync)
            await items.MoveNextAsync();
        Assert.Equal(5, ((WatchItem.Resync)items.Current).Listing.Entries.Count);
    }

    [Fact]
    public async Task A_watch_fails_when_the_file_is_replaced()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "files have no identity we can ask for on this system");
        await using var items = await WatchAsync();
        File.Delete(_file.Database);
        var failure = await Assert.ThrowsAsync<StoreException>(async () =>
        {
            while (await items.MoveNextAsync())
            {
            }
        });
        Assert.Equal(StoreError.Regressed, failure.Error);
    }

    private async Task<IAsyncEnumerator<WatchItem>> WatchAsync(WatchOptions? options = null)
    {
        var items = _reader!.WatchAsync(StoreKey.Of("nodes"), options ?? WatchOptions.Default, _end.Token).GetAsyncEnumerator(_end.Token);
        await items.MoveNextAsync();
        Assert.IsType<WatchItem.Snapshot>(items.Current);
        return items;
    }

    private static async Task<WatchItem.Changed> NextChangeAsync(IAsyncEnumerator<WatchItem> items)
    {
        do
        {
            await items.MoveNextAsync();
        }
        while (items.Current is not WatchItem.Changed);
        return (WatchItem.Changed)items.Current;
    }

    private Task<KvOutcome> PutAsync(StoreKey key, byte[]? value) => _writer!.CommitAsync(KvBatch.Empty.Put(key, value ?? []), default);
}
