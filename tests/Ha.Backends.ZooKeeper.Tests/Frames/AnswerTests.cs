using Ha.Backends.ZooKeeper.Tests.Support;
using Ha.Core.Stores;

namespace Ha.Backends.ZooKeeper.Tests.Frames;

/// <summary>Answers that no server at hand gives, from a server that replays them.</summary>
public sealed class AnswerTests : IAsyncDisposable
{
    private readonly FakeServer _server = new();

    [Fact]
    public async Task A_server_of_3_4_is_understood_though_its_handshake_is_shorter_and_its_watches_do_not_last()
    {
        _server.AnswersShortly = true;
        await using var store = await OpenAsync();
        Assert.Equal("3.4.13", store.Descriptor.Version);
        Assert.Null(await store.GetAsync(Stores.Document));
        await using var watch = store.WatchAsync(StoreKey.Root, WatchOptions.Default, CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        Assert.IsType<WatchItem.Snapshot>(watch.Current);
    }

    [Theory]
    [InlineData("Zookeeper version: 3.3.6-1366786, built on 07/29/2012\n")]
    [InlineData("Zookeeper version: 3.3.0\n")]
    public async Task A_server_without_transactions_is_too_old(string words)
    {
        _server.Words = words;
        await Stores.FailsAsync(StoreError.Mismatch, "3.4 or newer is needed", OpenAsync);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("srvr is not executed because it is not in the whitelist.\n")]
    public async Task A_server_that_does_not_tell_its_version_is_used_all_the_same(string? words)
    {
        _server.Words = words;
        await using var store = await OpenAsync();
        Assert.Equal("unknown", store.Descriptor.Version);
    }

    [Theory]
    [InlineData(-102, StoreError.Unauthorized, Applied.No)]
    [InlineData(-112, StoreError.Unavailable, Applied.No)]
    [InlineData(-118, StoreError.Unavailable, Applied.No)]
    [InlineData(-119, StoreError.Unavailable, Applied.No)]
    [InlineData(-124, StoreError.Unauthenticated, Applied.No)]
    [InlineData(-125, StoreError.QuotaExceeded, Applied.No)]
    [InlineData(-127, StoreError.Unavailable, Applied.No)]
    [InlineData(-7, StoreError.OutcomeUnknown, Applied.Maybe)]
    [InlineData(-122, StoreError.OutcomeUnknown, Applied.Maybe)]
    [InlineData(-1, StoreError.OutcomeUnknown, Applied.Maybe)]
    [InlineData(-6, StoreError.Unsupported, Applied.No)]
    public async Task Each_refusal_of_a_write_means_what_it_says_in_the_header_and_in_the_results(int code, StoreError error, Applied applied)
    {
        await using var store = await OpenAsync();
        _server.Answer = (_, operation, _) => operation == FakeServer.Multi ? (code, []) : null;
        var inHeader = await Stores.FailsAsync(error, $"({code})", () => store.PutAsync(Stores.Document, "1"));
        _server.Answer = (_, operation, _) => operation == FakeServer.Multi ? (0, [.. FakeServer.Failed(code), .. FakeServer.End]) : null;
        var inResults = await Stores.FailsAsync(error, $"({code})", () => store.PutAsync(Stores.Document, "1"));
        Assert.Equal((applied, applied), (inHeader.Applied, inResults.Applied));
    }

    [Fact]
    public async Task A_refused_transaction_is_told_from_a_successful_one_though_its_header_is_without_error()
    {
        await using var store = await OpenAsync();
        var batch = KvBatch.Empty.RequireRevision(StoreKey.Of("owner"), new StoreRevision(0, 3)).Put(Stores.Document, "1"u8.ToArray());
        // As recorded: steps before the culprit carry 0, those after it -2.
        _server.Answer = (_, operation, body) => operation == FakeServer.Multi && body.AsSpan().IndexOf("owner"u8) >= 0
            ? (0, [.. FakeServer.Failed(-103), .. FakeServer.Failed(-2), .. FakeServer.End])
            : null;
        Assert.Equal(StoreKey.Of("owner"), Assert.IsType<KvOutcome.Conflict>(await store.CommitAsync(batch, default)).Key);
        _server.Answer = (_, operation, body) => operation == FakeServer.Multi && body.AsSpan().IndexOf("owner"u8) >= 0
            ? (0, [.. FakeServer.Checked, .. FakeServer.Written(8), .. FakeServer.End])
            : null;
        Assert.Equal(new StoreRevision(0, 8), Assert.IsType<KvOutcome.Committed>(await store.CommitAsync(batch, default)).Revisions[Stores.Document]);
    }

    [Fact]
    public async Task A_barrier_that_fails_makes_no_read()
    {
        await using var store = await OpenAsync();
        _server.Answer = (_, operation, _) => operation switch
        {
            FakeServer.Multi => (-122, []),
            FakeServer.GetData => (0, [.. FakeServer.Int(3), .. "old"u8, .. FakeServer.Stat(0)]),
            _ => null,
        };
        await Stores.FailsAsync(StoreError.Unavailable, "(-122)", () => store.GetAsync(Stores.Document));
        Assert.NotNull(await store.GetAsync(Stores.Document, ReadLevel.Stale, default));
    }

    [Fact]
    public async Task A_transaction_that_comes_before_one_we_saw_is_a_regression_for_good()
    {
        await using var store = await OpenAsync();
        await store.GetAsync(Stores.Document);
        _server.Zxid = 5;
        await Stores.FailsAsync(StoreError.Regressed, "went back in time", () => store.GetAsync(Stores.Document));
        _server.Zxid = 0x1000;
        await Stores.FailsAsync(StoreError.Regressed, "went back in time", () => store.PutAsync(Stores.Document, "1"));
    }

    [Fact]
    public async Task A_store_made_anew_on_the_same_server_is_a_regression()
    {
        await using var store = await OpenAsync();
        _server.Identity = "ha-kv 1 ffffffffffffffffffffffffffffffff";
        _server.CutAnswer = (_, operation) => operation == FakeServer.GetData ? 0 : null;
        await Assert.ThrowsAsync<StoreException>(() => store.GetAsync(Stores.Document));
        _server.CutAnswer = null;
        await Stores.FailsAsync(StoreError.Regressed, "was made anew", () => store.GetAsync(Stores.Document));
    }

    [Theory]
    [InlineData("something else", "is not from this program")]
    [InlineData("ha-kv 2 0123456789abcdef0123456789abcdef", "upgrade this node")]
    public async Task A_node_that_is_not_ours_is_left_alone(string identity, string reason)
    {
        _server.Identity = identity;
        await Stores.FailsAsync(StoreError.Mismatch, reason, OpenAsync);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_anywhere_leaves_a_read_without_answer_and_a_write_in_doubt()
    {
        await using var store = await OpenAsync();
        const int Transaction = 38, Missing = 20; // The lengths of the answers.
        for (var kept = 0; kept < Transaction; kept += 3)
        {
            var bytes = kept;
            _server.CutAnswer = (number, operation) => operation == FakeServer.Multi && number > 2 ? bytes : null;
            await store.GetAsync(Stores.Document, ReadLevel.Stale, default); // A connection that has got over its beginning.
            var failure = await Assert.ThrowsAsync<StoreException>(() => store.PutAsync(Stores.Document, "1"));
            Assert.True(failure is { Error: StoreError.OutcomeUnknown, Applied: Applied.Maybe }, $"{kept} bytes: {failure.Error}, {failure.Message}");
            if (kept >= Missing)
                continue;
            _server.CutAnswer = (number, operation) => operation == FakeServer.GetData && number > 2 ? bytes : null;
            Assert.Equal(StoreError.Unavailable, (await Assert.ThrowsAsync<StoreException>(() => store.GetAsync(Stores.Document))).Error);
        }
    }

    [Fact]
    public async Task Nonsense_ends_the_connection_and_says_what_came()
    {
        await using var store = await OpenAsync();
        _server.Answer = (_, operation, _) => operation == FakeServer.Multi ? (0, FakeServer.Int(FakeServer.SetData)) : null;
        await Stores.FailsAsync(StoreError.OutcomeUnknown, "a frame ends", () => store.PutAsync(Stores.Document, "1"));
        _server.Answer = (_, operation, _) => operation == FakeServer.Multi ? (0, [.. FakeServer.Int(77), 0, .. FakeServer.Int(0), .. FakeServer.End]) : null;
        await Stores.FailsAsync(StoreError.Unavailable, "unknown kind 77", () => store.PutAsync(Stores.Document, "1")); // The new connection begins with a transaction as well.
    }

    [Fact]
    public async Task A_packet_above_the_servers_limit_is_never_sent()
    {
        await using var store = await Stores.OpenAsync($"zookeeper://{_server.Endpoint}/fake?max-packet=65536");
        var asked = 0;
        _server.Answer = (_, _, _) =>
        {
            asked++;
            return null;
        };
        var limits = store.Descriptor.Limits;
        var batch = KvBatch.Empty.Put(Stores.Document, new byte[limits.MaxValueBytes]);
        for (var i = 1; i < limits.MaxBatchOperations; i++)
            batch = batch.RequireAbsent(StoreKey.Of($"{new string('k', 250)}{i:0000}"));
        await Stores.FailsAsync(StoreError.TooLarge, "jute.maxbuffer", () => store.CommitAsync(batch, default));
        Assert.Equal(0, asked);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task<ZooKeeperStore> OpenAsync() => Stores.OpenAsync($"zookeeper://{_server.Endpoint}/fake?timeout=3");
}
