using Ha.Core.Stores;
using static Ha.Backends.Consul.Tests.Wire.FailureAssert;

namespace Ha.Backends.Consul.Tests.Wire;

/// <summary>Watches, with the answers of a server under control. Real time: a watch waits on a socket.</summary>
public sealed class WatchTests : IAsyncDisposable
{
    private static readonly TimeSpan Held = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(30));
    private readonly FakeConsul _consul;
    private volatile string _entries = Entry("a", 10);
    private volatile string? _failure;
    private volatile int _index = 20;

    public WatchTests() => _consul = new FakeConsul(Answer);

    public async ValueTask DisposeAsync()
    {
        await _consul.DisposeAsync();
        _patience.Dispose();
    }

    [Fact]
    public async Task A_change_is_told_as_a_difference_with_the_index_of_its_entry()
    {
        await using var store = await _consul.OpenAsync();
        await using var items = await WatchAsync(store);
        (_entries, _index) = ($"{Entry("a", 10)},{Entry("b", 25)}", 25);
        var made = Assert.IsType<WatchItem.Changed>(await NextAsync(items, i => i is not WatchItem.Current));
        Assert.Equal(("w/b", 25UL, 25UL), (made.Key.Value, made.Now!.Revision.Low, made.Sequence));
        (_entries, _index) = (Entry("b", 25), 30);
        var deleted = Assert.IsType<WatchItem.Changed>(await NextAsync(items, i => i is not WatchItem.Current));
        Assert.Equal(("w/a", null, 30UL), (deleted.Key.Value, deleted.Now, deleted.Sequence));
    }

    [Fact]
    public async Task An_index_that_goes_back_is_a_resync_and_not_the_end()
    {
        await using var store = await _consul.OpenAsync();
        await using var items = await WatchAsync(store);
        _index = 10; // Consul has forgotten a deletion at 20.
        var resync = Assert.IsType<WatchItem.Resync>(await NextAsync(items, i => i is not WatchItem.Current));
        Assert.Contains("went back from 20 to 10", resync.Why, StringComparison.Ordinal);
        Assert.Equal(["w/a"], resync.Listing.Entries.Select(e => e.Key.Value));
        (_entries, _index) = (Entry("a", 11), 11);
        Assert.IsType<WatchItem.Changed>(await NextAsync(items, i => i is not WatchItem.Current));
    }

    [Fact]
    public async Task A_restored_backup_ends_a_watch_as_a_regression()
    {
        await using var store = await _consul.OpenAsync();
        await using var items = await WatchAsync(store);
        (_entries, _index) = (Entry("a", 9), 9);
        await FailsAsync(StoreError.Regressed, Applied.No, () => NextAsync(items, i => i is WatchItem.Snapshot), "'w/a'", "was at 10");
        await FailsAsync(StoreError.Regressed, Applied.No, () => store.GetAsync(StoreKey.Of("w/a"), ReadLevel.Linearizable, default));
    }

    [Fact]
    public async Task Without_an_index_a_watch_is_stalled_and_does_not_run_in_circles()
    {
        await using var store = await _consul.OpenAsync();
        await using var items = await WatchAsync(store);
        _index = 0;
        var stalled = Assert.IsType<WatchItem.Stalled>(await NextAsync(items, i => i is WatchItem.Stalled));
        Assert.Contains("without an index", stalled.Why, StringComparison.Ordinal);
        var before = _consul.Requests.Count;
        await Task.Delay(300);
        Assert.InRange(_consul.Requests.Count - before, 0, 30);
        _index = 20;
        await NextAsync(items, i => i is WatchItem.Resync);
        await NextAsync(items, i => i is WatchItem.Current);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("never")]
    [InlineData("No cluster leader")]
    [InlineData("<html>")]
    public async Task A_watch_outlives_every_failure_of_its_server(string failure)
    {
        await using var store = await _consul.OpenAsync(timeoutSeconds: 2);
        await using var items = await WatchAsync(store, TimeSpan.FromMilliseconds(150));
        _failure = failure;
        await NextAsync(items, i => i is WatchItem.Stalled);
        (_entries, _index) = (Entry("b", 21), 21); // Made and deleted while nobody could see: the difference alone would not say that something may be missing.
        _failure = null;
        var resync = Assert.IsType<WatchItem.Resync>(await NextAsync(items, i => i is WatchItem.Resync));
        Assert.Equal(["w/b"], resync.Listing.Entries.Select(e => e.Key.Value));
        await NextAsync(items, i => i is WatchItem.Current);
    }

    [Fact]
    public async Task Writes_beside_an_empty_prefix_do_not_make_its_watch_run_in_circles()
    {
        _entries = "";
        await using var store = await _consul.OpenAsync();
        await using var items = await WatchAsync(store);
        _index = -1; // Grows with each question.
        var before = _consul.Requests.Count;
        await Task.Delay(500);
        Assert.InRange(_consul.Requests.Count - before, 1, 40);
    }

    [Fact]
    public async Task A_watch_that_may_not_read_fails_at_its_beginning()
    {
        await using var store = await _consul.OpenAsync();
        _failure = "403";
        await FailsAsync(StoreError.Unauthorized, Applied.No, () => WatchAsync(store));
    }

    [Fact]
    public async Task Closing_the_store_ends_its_watches_with_a_reason()
    {
        var store = await _consul.OpenAsync();
        await using var items = await WatchAsync(store);
        await store.DisposeAsync();
        await FailsAsync(StoreError.Unavailable, Applied.No, () => NextAsync(items, i => i is WatchItem.Snapshot), "was closed");
        await _consul.UntilNoConnectionAsync();
    }

    private static string Entry(string key, int index) => $$"""{"LockIndex":0,"Key":"ha/w/{{key}}","Flags":0,"Value":"MQ==","CreateIndex":8,"ModifyIndex":{{index}}}""";

    private async Task<IAsyncEnumerator<WatchItem>> WatchAsync(ConsulStore store, TimeSpan? staleAfter = null)
    {
        var items = store.WatchAsync(StoreKey.Of("w"), new WatchOptions(staleAfter ?? TimeSpan.FromMilliseconds(300)), _patience.Token).GetAsyncEnumerator(_patience.Token);
        await items.MoveNextAsync();
        Assert.IsType<WatchItem.Snapshot>(items.Current);
        return items;
    }

    private static async Task<WatchItem> NextAsync(IAsyncEnumerator<WatchItem> items, Predicate<WatchItem> wanted)
    {
        while (await items.MoveNextAsync())
        {
            if (wanted(items.Current))
                return items.Current;
        }

        throw new InvalidOperationException("the watch ended");
    }

    private FakeAnswer? Answer(FakeRequest request)
    {
        if (!request.Path.StartsWith("/v1/kv/ha/w?", StringComparison.Ordinal))
            return null;
        var index = _index switch
        {
            0 => "",
            -1 => $"X-Consul-Index: {_consul.Requests.Count + 100}",
            var fixedIndex => $"X-Consul-Index: {fixedIndex}",
        };
        string[] headers = index.Length == 0 ? [] : [index];
        return _failure switch
        {
            "cut" => FakeAnswer.Cut,
            "never" => FakeAnswer.Never,
            "403" => FakeAnswer.Of(403, "Permission denied"),
            "No cluster leader" => FakeAnswer.Of(500, "No cluster leader"),
            "<html>" => FakeAnswer.Of(200, "<html>"),
            _ when request.Path.Contains("keys", StringComparison.Ordinal) => FakeAnswer.Of(200, "[]", headers) with { After = Held },
            _ when _entries.Length == 0 => FakeAnswer.Of(404, "", headers),
            _ => FakeAnswer.Of(200, $"[{_entries}]", headers),
        };
    }
}
