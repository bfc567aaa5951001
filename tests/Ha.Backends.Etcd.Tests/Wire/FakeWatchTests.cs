using System.Threading.Channels;
using Google.Protobuf;
using Ha.Backends.Etcd.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.Etcd.Tests.Wire;

/// <summary>What a stream may do to a watch, from a fake server.</summary>
public sealed class FakeWatchTests : IAsyncLifetime
{
    private readonly Channel<WatchResponse> _events = Channel.CreateUnbounded<WatchResponse>();
    private readonly List<long> _starts = [];
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _held = new(StringComparer.Ordinal);
    private FakeEtcd _fake = null!;
    private EtcdStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _fake = await FakeEtcd.StartAsync();
        _fake.On("Range", c => c.ReplyAsync(Everything()));
        _fake.On("Txn", c => c.ReplyAsync(Proof()));
        _fake.On("Watch", FollowAsync);
        _store = await _fake.OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _fake.DisposeAsync();
    }

    [Fact]
    public async Task A_compacted_history_is_a_resync()
    {
        Put("a", 101);
        await using var watch = await WatchAsync();
        Assert.Equal(101, (long)Assert.IsType<WatchItem.Snapshot>(watch.Current).Listing.Sequence);
        Put("b", 150);
        await SendAsync(new WatchResponse { Header = _fake.Header, Canceled = true, CompactRevision = 149 });
        var resync = await UntilAsync<WatchItem.Resync>(watch);

        Assert.Contains("compacted at revision 149", resync.Why, StringComparison.Ordinal);
        Assert.Equal(["a", "b"], resync.Listing.Entries.Select(e => e.Key.Value));
        Assert.Equal([102, 151], _starts);
    }

    [Theory]
    [InlineData("etcdserver: no leader")]
    [InlineData("etcdserver: permission denied")]
    public async Task A_stream_that_the_server_cancels_is_begun_anew(string reason)
    {
        await using var watch = await WatchAsync();
        await SendAsync(new WatchResponse { Header = _fake.Header, Canceled = true, CancelReason = reason });
        Assert.Contains(reason, (await UntilAsync<WatchItem.Resync>(watch)).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_that_the_server_keeps_back_is_found_by_the_proof()
    {
        Put("a", 101);
        await using var watch = await WatchAsync();
        Put("b", 102); // No event.
        var resync = await UntilAsync<WatchItem.Resync>(watch);
        Assert.Equal(["a", "b"], resync.Listing.Entries.Select(e => e.Key.Value));
        Delete("a", 103);
        Assert.Equal(["b"], (await UntilAsync<WatchItem.Resync>(watch)).Listing.Entries.Select(e => e.Key.Value));
    }

    [Fact]
    public async Task Events_that_come_twice_or_from_before_the_start_are_told_once()
    {
        Put("a", 101);
        await using var watch = await WatchAsync();
        Put("b", 102);
        await SendAsync(Puts(("a", 101), ("b", 102)));
        await SendAsync(Puts(("b", 102)));
        Put("c", 103);
        await SendAsync(Puts(("b", 102), ("c", 103)));
        var told = new List<string>();
        while (!told.Contains("c@103"))
        {
            if (await NextAsync(watch) is WatchItem.Changed changed)
                told.Add($"{changed.Key}@{changed.Sequence}");
        }

        Assert.Equal(["b@102", "c@103"], told);
    }

    [Fact]
    public async Task A_stream_that_proves_nothing_is_stalled_and_current_again_with_the_next_proof()
    {
        await using var watch = await WatchAsync(new WatchOptions(TimeSpan.FromMilliseconds(150)));
        await UntilAsync<WatchItem.Current>(watch);
        _fake.Refuse("Txn", 14, "etcdserver: no leader");
        Assert.Contains("no leader", await WhyStalledAsync(watch), StringComparison.Ordinal);
        _fake.On("Txn", c => c.ReplyAsync(Proof()));
        await UntilAsync<WatchItem.Current>(watch);
    }

    [Fact]
    public async Task A_permission_that_is_taken_away_ends_the_watch_with_an_error()
    {
        await using var watch = await WatchAsync();
        _fake.Refuse("Txn", 7, "etcdserver: permission denied");
        await Opening.RefusedAsync(() => UntilAsync<WatchItem.Resync>(watch), StoreError.Unauthorized);
    }

    [Fact]
    public async Task A_watch_asks_to_be_told_when_its_member_has_no_leader()
    {
        string? header = null;
        _fake.On("Watch", c =>
        {
            header = c.HeaderOf("hasleader");
            return FollowAsync(c);
        });
        await using var watch = await WatchAsync();
        Put("a", 101);
        await SendAsync(Puts(("a", 101)));
        await UntilAsync<WatchItem.Changed>(watch);
        Assert.Equal("true", header);
    }

    private async Task FollowAsync(FakeCall call)
    {
        var request = await call.ReadAsync(WatchRequest.Parser);
        _starts.Add(request.CreateRequest.StartRevision);
        await call.SendAsync(new WatchResponse { Header = _fake.Header, Created = true });
        try
        {
            await foreach (var reply in _events.Reader.ReadAllAsync(call.Ended))
                await call.SendAsync(reply);
        }
        catch (OperationCanceledException)
        {
            // The client has left.
        }
    }

    private void Put(string key, long revision)
    {
        lock (_gate)
            (_held[key], _fake.Header) = (revision, new ResponseHeader(_fake.Header) { Revision = revision });
    }

    private void Delete(string key, long revision)
    {
        lock (_gate)
        {
            _held.Remove(key);
            _fake.Header = new ResponseHeader(_fake.Header) { Revision = revision };
        }
    }

    private RangeResponse Everything()
    {
        lock (_gate)
            return new RangeResponse { Header = _fake.Header, Count = _held.Count, Kvs = { _held.OrderBy(h => h.Key, StringComparer.Ordinal).Select(h => Pair(h.Key, h.Value)) } };
    }

    private TxnResponse Proof()
    {
        lock (_gate)
        {
            var last = _held.OrderByDescending(h => h.Value).Take(1).Select(h => Pair(h.Key, h.Value));
            return new TxnResponse { Header = _fake.Header, Succeeded = true, Responses = { new ResponseOp { ResponseRange = new RangeResponse { Count = _held.Count, Kvs = { last } } } } };
        }
    }

    private WatchResponse Puts(params (string Key, long Revision)[] puts) => new() { Header = _fake.Header, Events = { puts.Select(p => new Event { Kv = Pair(p.Key, p.Revision) }) } };

    private static KeyValue Pair(string key, long revision) => new() { Key = ByteString.CopyFromUtf8($"/fake/{key}"), ModRevision = revision };

    private ValueTask SendAsync(WatchResponse reply) => _events.Writer.WriteAsync(reply);

    private async Task<IAsyncEnumerator<WatchItem>> WatchAsync(WatchOptions? options = null)
    {
        var watch = _store.WatchAsync(StoreKey.Root, options ?? new WatchOptions(TimeSpan.FromSeconds(30)), CancellationToken.None).GetAsyncEnumerator();
        await NextAsync(watch);
        return watch;
    }

    private static async Task<WatchItem> NextAsync(IAsyncEnumerator<WatchItem> watch)
    {
        Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20)));
        return watch.Current;
    }

    private static async Task<TItem> UntilAsync<TItem>(IAsyncEnumerator<WatchItem> watch)
        where TItem : WatchItem
    {
        while (true)
        {
            if (await NextAsync(watch) is TItem item)
                return item;
        }
    }

    // On a busy machine a proof may be late for other reasons first.
    private static async Task<string> WhyStalledAsync(IAsyncEnumerator<WatchItem> watch)
    {
        while (true)
        {
            if (await UntilAsync<WatchItem.Stalled>(watch) is { Why: var why } && why.Contains("leader", StringComparison.Ordinal))
                return why;
        }
    }
}
