using Ha.Backends.Etcd.Wire;
using Ha.Core.Stores;
using Ha.Testing;

namespace Ha.Backends.Etcd.Tests.Wire;

/// <summary>Each answer a server may give, over real HTTP/2 from a fake server: what a write and a read are told.</summary>
public sealed class AnswerTests
{
    [Theory]
    [InlineData(1, "context canceled", StoreError.OutcomeUnknown, StoreError.Unavailable)]
    [InlineData(2, "whatever", StoreError.OutcomeUnknown, StoreError.Unavailable)]
    [InlineData(3, "etcdserver: request is too large", StoreError.TooLarge, StoreError.TooLarge)]
    [InlineData(3, "etcdserver: too many operations in txn request", StoreError.TooManyOperations, StoreError.TooManyOperations)]
    [InlineData(3, "etcdserver: duplicate key given in txn request", StoreError.InvalidKey, StoreError.InvalidKey)]
    [InlineData(3, "etcdserver: user name is empty", StoreError.Unauthenticated, StoreError.Unauthenticated)]
    [InlineData(3, "etcdserver: revision of auth store is old", StoreError.Unauthenticated, StoreError.Unauthenticated)]
    [InlineData(4, "context deadline exceeded", StoreError.OutcomeUnknown, StoreError.Unavailable)]
    [InlineData(7, "etcdserver: permission denied", StoreError.Unauthorized, StoreError.Unauthorized)]
    [InlineData(8, "etcdserver: mvcc: database space exceeded", StoreError.QuotaExceeded, StoreError.QuotaExceeded)]
    [InlineData(8, "etcdserver: too many requests", StoreError.Unavailable, StoreError.Unavailable)]
    [InlineData(8, "grpc: received message larger than max (2 vs. 1)", StoreError.TooLarge, StoreError.TooLarge)]
    [InlineData(11, "etcdserver: mvcc: required revision is a future revision", StoreError.Regressed, StoreError.Regressed)]
    [InlineData(12, "unknown service etcdserverpb.KV", StoreError.Mismatch, StoreError.Mismatch)]
    [InlineData(14, "etcdserver: no leader", StoreError.OutcomeUnknown, StoreError.Unavailable)]
    [InlineData(14, "etcdserver: leader changed", StoreError.OutcomeUnknown, StoreError.Unavailable)]
    [InlineData(14, "etcdserver: request timed out", StoreError.OutcomeUnknown, StoreError.Unavailable)]
    [InlineData(15, "etcdserver: corrupt cluster", StoreError.Regressed, StoreError.Regressed)]
    [InlineData(16, "etcdserver: invalid auth token", StoreError.Unauthenticated, StoreError.Unauthenticated)]
    public async Task A_refusal_is_told_as_what_it_means(int code, string text, StoreError ofWrite, StoreError ofRead)
    {
        await using var fake = await FakeEtcd.StartAsync();
        await using var store = await fake.OpenAsync();
        fake.Refuse("Txn", code, text);
        fake.Refuse("Range", code, text);
        var write = await Assert.ThrowsAsync<StoreException>(() => store.PutAsync("a", "1"));
        Assert.Equal((ofWrite, ofWrite == StoreError.OutcomeUnknown || code == 15 ? Applied.Maybe : Applied.No), (write.Error, write.Applied));
        Assert.Contains(fake.Endpoint, write.Message, StringComparison.Ordinal);
        await Opening.RefusedAsync(() => store.GetAsync("a"), ofRead);
    }

    [Fact]
    public async Task What_is_broken_on_its_way_is_a_doubt_for_a_write_and_no_answer_for_a_read()
    {
        await using var fake = await FakeEtcd.StartAsync();
        await using var store = await fake.OpenAsync();
        var good = new TxnResponse { Header = fake.Header, Succeeded = true };
        (string What, Func<FakeCall, Task> Answer)[] broken =
        [
            ("nothing, then a reset", c => { c.Abort(); return Task.CompletedTask; }),
            ("no message", c => c.SendAsync([])),
            ("no message but a status", c => c.EndAsync(0, "")),
            ("half a prefix", c => c.SendAsync([0, 0])),
            ("half a message", c => c.SendAsync([.. FakeCall.Prefix(50), 1, 2, 3])),
            ("a message without a status", c => c.SendAsync(good)),
            ("a message, then a reset", async c => { await c.SendAsync(good); c.Abort(); }),
            ("a compressed message", c => c.SendAsync([1, 0, 0, 0, 0])),
            ("an endless message", c => c.SendAsync([0, 0xff, 0xff, 0xff, 0xff])),
            ("rubbish", c => c.SendAsync([.. FakeCall.Prefix(3), 0xff, 0xff, 0xff])),
            ("two messages", async c => { await c.SendAsync(good); await c.ReplyAsync(good); }),
            ("a gateway's error", c => c.EndAsHttpAsync(503, "text/html")),
        ];
        foreach (var (what, answer) in broken)
        {
            fake.On("Txn", answer);
            fake.On("Range", answer);
            var write = await Assert.ThrowsAsync<StoreException>(() => store.PutAsync("a", "1"));
            Assert.True((StoreError.OutcomeUnknown, Applied.Maybe) == (write.Error, write.Applied), $"{what}: {write.Error}, {write.Applied}, {write.Message}");
            var read = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a"));
            Assert.True((StoreError.Unavailable, Applied.No) == (read.Error, read.Applied), $"{what}: {read.Error}, {read.Message}");
        }
    }

    [Fact]
    public async Task A_web_page_is_no_etcd()
    {
        await using var fake = await FakeEtcd.StartAsync();
        fake.On("Status", c => c.EndAsHttpAsync(404, "text/html"));
        var refusal = await Opening.RefusedAsync(() => fake.OpenAsync(), StoreError.Mismatch);
        Assert.Contains("is not an etcd server (it answers with HTTP status 404)", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_server_that_is_none_does_not_keep_a_store_closed()
    {
        await using var web = await FakeEtcd.StartAsync();
        await using var fake = await FakeEtcd.StartAsync();
        web.On("Status", c => c.EndAsHttpAsync(404, "text/html"));
        await using var store = await Opening.OpenAsync($"etcd://{web.Endpoint},{fake.Endpoint}/fake?timeout=20");
        Assert.IsType<KvOutcome.Committed>(await store.PutAsync("a", "1"));
    }

    [Theory]
    [InlineData("3.3.27", "3.4 or newer is needed")]
    [InlineData("2.3.8", "3.4 or newer is needed")]
    [InlineData("3.5.2", "3.5.0 to 3.5.2")]
    public async Task A_version_that_cannot_be_used_is_refused(string version, string says)
    {
        await using var fake = await FakeEtcd.StartAsync();
        fake.Version = version;
        Assert.Contains(says, (await Opening.RefusedAsync(() => fake.OpenAsync(), StoreError.Mismatch)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3.4.23", true)]
    [InlineData("3.4.44", false)]
    [InlineData("3.5.9", true)]
    [InlineData("3.5.28", false)]
    [InlineData("3.6.0", true)]
    [InlineData("3.6.10", false)]
    [InlineData("4.0.0-alpha.1", false)]
    public async Task A_version_with_known_defects_is_used_with_a_warning(string version, bool warns)
    {
        await using var fake = await FakeEtcd.StartAsync();
        fake.Version = version;
        var log = new CapturingLogger();
        await using var store = await fake.OpenAsync(log: log);
        Assert.Equal(version, store.Descriptor.Version);
        Assert.Equal(warns, log.Lines.Any(l => l.Id == 5100 && l.Text.Contains(version, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_learner_is_not_asked()
    {
        await using var fake = await FakeEtcd.StartAsync();
        fake.IsLearner = true;
        Assert.Contains("learner", (await Opening.RefusedAsync(() => fake.OpenAsync(), StoreError.Unavailable)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revision_that_falls_is_a_regression_for_ever()
    {
        await using var fake = await FakeEtcd.StartAsync();
        await using var store = await fake.OpenAsync();
        await store.PutAsync("a", "1");
        fake.Header = new ResponseHeader(fake.Header) { Revision = 99 };
        Assert.Equal(Applied.Yes, (await Assert.ThrowsAsync<StoreException>(() => store.PutAsync("a", "2"))).Applied);
        fake.Header = new ResponseHeader(fake.Header) { Revision = 200 };
        await Opening.RefusedAsync(() => store.PutAsync("a", "3"), StoreError.Regressed);
    }

    [Fact]
    public async Task A_stale_read_from_a_member_that_is_behind_what_was_read_is_refused()
    {
        await using var fake = await FakeEtcd.StartAsync();
        await using var store = await fake.OpenAsync();
        await store.GetAsync("a");
        fake.Header = new ResponseHeader(fake.Header) { Revision = 99, RaftTerm = 1 };
        Assert.Contains("behind", (await Opening.RefusedAsync(() => store.GetAsync(StoreKey.Of("a"), ReadLevel.Stale, CancellationToken.None), StoreError.Unavailable)).Message, StringComparison.Ordinal);
        fake.Header = new ResponseHeader(fake.Header) { Revision = 100 };
        Assert.Null(await store.GetAsync(StoreKey.Of("a"), ReadLevel.Stale, CancellationToken.None));
    }

    [Fact]
    public async Task Every_call_says_how_long_it_may_take()
    {
        await using var fake = await FakeEtcd.StartAsync();
        await using var store = await fake.OpenAsync();
        string? timeout = null;
        fake.On("Range", c =>
        {
            timeout = c.HeaderOf("grpc-timeout");
            return c.ReplyAsync(new RangeResponse { Header = fake.Header });
        });
        await store.GetAsync("a");
        Assert.Equal("20000m", timeout);
    }

    [Fact]
    public async Task A_lease_that_ended_or_lies_about_it_is_a_lost_presence()
    {
        await using var fake = await FakeEtcd.StartAsync();
        await using var store = await fake.OpenAsync();
        fake.On("LeaseGrant", c => c.ReplyAsync(new LeaseGrantResponse { Header = fake.Header, ID = 7, TTL = 10 }));
        fake.On("LeaseRevoke", c => c.ReplyAsync(new LeaseRevokeResponse { Header = fake.Header }));
        await using var presence = await store.AnnounceAsync(StoreKey.Of("here"), default, TimeSpan.FromSeconds(10), CancellationToken.None);
        var alive = new LeaseKeepAliveResponse { Header = fake.Header, ID = 7, TTL = 10 };
        fake.On("LeaseKeepAlive", c => c.ReplyAsync(alive));
        fake.On("Range", c => c.ReplyAsync(new RangeResponse { Header = fake.Header, Kvs = { new KeyValue { Lease = 7 } } }));
        await presence.RefreshAsync(CancellationToken.None);

        fake.On("Range", c => c.ReplyAsync(new RangeResponse { Header = fake.Header }));
        await Opening.RefusedAsync(() => presence.RefreshAsync(CancellationToken.None), StoreError.PresenceLost);
        alive.TTL = 0;
        await Opening.RefusedAsync(() => presence.RefreshAsync(CancellationToken.None), StoreError.PresenceLost);
        fake.Refuse("LeaseKeepAlive", 5, "etcdserver: requested lease not found");
        await Opening.RefusedAsync(() => presence.RefreshAsync(CancellationToken.None), StoreError.PresenceLost);
    }

    [Fact]
    public async Task A_member_that_has_not_caught_up_may_refresh_a_presence()
    {
        await using var fake = await FakeEtcd.StartAsync();
        await using var store = await fake.OpenAsync();
        fake.On("LeaseGrant", c => c.ReplyAsync(new LeaseGrantResponse { Header = fake.Header, ID = 7, TTL = 10 }));
        fake.On("LeaseRevoke", c => c.ReplyAsync(new LeaseRevokeResponse { Header = fake.Header }));
        await using var presence = await store.AnnounceAsync(StoreKey.Of("here"), default, TimeSpan.FromSeconds(10), CancellationToken.None);
        fake.On("LeaseKeepAlive", c => c.ReplyAsync(new LeaseKeepAliveResponse { Header = new ResponseHeader(fake.Header) { Revision = 90, RaftTerm = 4 }, ID = 7, TTL = 10 }));
        fake.On("Range", c => c.ReplyAsync(new RangeResponse { Header = fake.Header, Kvs = { new KeyValue { Lease = 7 } } }));
        await presence.RefreshAsync(CancellationToken.None);
        await store.GetAsync("a");

        fake.On("LeaseKeepAlive", c => c.ReplyAsync(new LeaseKeepAliveResponse { Header = new ResponseHeader(fake.Header) { ClusterId = 1 }, ID = 7, TTL = 10 }));
        await Opening.RefusedAsync(() => presence.RefreshAsync(CancellationToken.None), StoreError.Regressed);
    }
}
