using Ha.Core.Stores;
using static Ha.Backends.Consul.Tests.Wire.FailureAssert;

namespace Ha.Backends.Consul.Tests.Wire;

/// <summary>Reads: how up to date they are, what a token may not see, and a store that goes back in time.</summary>
public sealed class ReadTests
{
    private static readonly StoreKey X = StoreKey.Of("x");

    [Fact]
    public async Task Decisions_read_consistently_and_displays_may_read_stale()
    {
        await using var consul = new FakeConsul(_ => null);
        await using var store = await consul.OpenAsync(more: "&dc=d1&namespace=n1");
        await store.GetAsync(X, ReadLevel.Linearizable, default);
        await store.ListAsync(X, ReadLevel.Linearizable, default);
        await store.CommitAsync(KvBatch.Empty.RequireAbsent(X), default);
        await store.GetAsync(X, ReadLevel.Stale, default);
        var paths = consul.Requests.Select(r => r.Path).ToList();
        Assert.Contains("/v1/kv/ha/x?consistent&dc=d1&ns=n1", paths);
        Assert.Contains("/v1/kv/ha/x?recurse&consistent&dc=d1&ns=n1", paths);
        Assert.Contains("/v1/txn?consistent&dc=d1&ns=n1", paths);
        Assert.Contains("/v1/kv/ha/x?stale&dc=d1&ns=n1", paths);
    }

    [Fact]
    public async Task A_listing_leaves_out_namesakes_and_what_others_wrote_and_is_in_the_order_of_our_keys()
    {
        const string Body = """[{"Key":"ha/-store","Value":"MQ==","ModifyIndex":5,"Flags":0},{"Key":"ha/a","Value":null,"ModifyIndex":6,"Flags":0},{"Key":"ha/a--b","Value":"MQ==","ModifyIndex":7,"Flags":0},{"Key":"ha/a-cb","Value":"MQ==","ModifyIndex":8,"Flags":0},{"Key":"ha/a\u0026","Value":"MQ==","ModifyIndex":8,"Flags":0},{"Key":"ha/a.b","Value":"MQ==","ModifyIndex":8,"Flags":0},{"Key":"ha/a0","Value":"MQ==","ModifyIndex":9,"Flags":0,"Session":"s","LockIndex":3}]""";
        await using var consul = new FakeConsul(r => r.Path.Contains("recurse", StringComparison.Ordinal) ? FakeAnswer.Of(200, Body, "X-Consul-Index: 9") : null);
        await using var store = await consul.OpenAsync();
        var all = await store.ListAsync(StoreKey.Root, ReadLevel.Linearizable, default);
        Assert.Equal([("a", 6UL), ("a-b", 7UL), ("a0", 9UL), ("a:b", 8UL)], all.Entries.Select(e => (e.Key.Value, e.Revision.Low)));
        Assert.Equal(9UL, all.Sequence);
        Assert.Equal(["a"], (await store.ListAsync(StoreKey.Of("a"), ReadLevel.Linearizable, default)).Entries.Select(e => e.Key.Value));
    }

    [Fact]
    public async Task An_answer_longer_than_any_buffer_and_without_a_length_is_read_whole()
    {
        var value = Convert.ToBase64String(new byte[100_000]);
        await using var consul = new FakeConsul(r => r.Path.Contains("/ha/x?", StringComparison.Ordinal)
            ? new FakeAnswer($$"""HTTP/1.1 200 OK{{"\r\n"}}X-Consul-Index: 7{{"\r\n"}}Connection: close{{"\r\n\r\n"}}[{"Key":"ha/x","Flags":0,"Value":"{{value}}","ModifyIndex":7}]""", Cuts: true)
            : null);
        await using var store = await consul.OpenAsync();
        Assert.Equal(100_000, (await store.GetAsync(X, ReadLevel.Linearizable, default))!.Value.Length);
    }

    [Fact]
    public async Task A_listing_that_was_filtered_by_permissions_is_refused()
    {
        await using var consul = new FakeConsul(r => r.Path.Contains("recurse", StringComparison.Ordinal) ? FakeAnswer.Of(200, "[]", "X-Consul-Index: 5", "X-Consul-Results-Filtered-By-ACLs: true") : null);
        await using var store = await consul.OpenAsync();
        await FailsAsync(StoreError.Unauthorized, Applied.No, () => store.ListAsync(X, ReadLevel.Linearizable, default), "left out keys");
    }

    [Fact]
    public async Task An_empty_listing_of_an_old_server_is_believed_only_if_the_prefix_may_be_read()
    {
        var mayRead = true;
        await using var consul = new FakeConsul(r => r.Path.StartsWith("/v1/kv/ha/x?raw", StringComparison.Ordinal) && !mayRead ? FakeAnswer.Of(403, "Permission denied") : null);
        await using var store = await consul.OpenAsync();
        Assert.Empty((await store.ListAsync(X, ReadLevel.Linearizable, default)).Entries);
        mayRead = false;
        await FailsAsync(StoreError.Unauthorized, Applied.No, () => store.ListAsync(X, ReadLevel.Linearizable, default), "'ha/x'");
    }

    [Fact]
    public async Task A_stale_read_that_is_behind_what_was_seen_is_asked_of_the_leader()
    {
        await using var consul = new FakeConsul(r => r.Path switch
        {
            "/v1/kv/ha/x?consistent" => WriteTests.Entry("ha/x", "0", 20),
            "/v1/kv/ha/x?stale" => WriteTests.Entry("ha/x", "0", 10),
            "/v1/kv/ha/x?recurse&consistent" => WriteTests.Entry("ha/x", "0", 20),
            "/v1/kv/ha/x?recurse&stale" => FakeAnswer.Of(404, "", "X-Consul-Index: 9"),
            _ => null,
        });
        await using var store = await consul.OpenAsync();
        Assert.Equal(10UL, (await store.GetAsync(X, ReadLevel.Stale, default))!.Revision.Low);
        Assert.Equal(20UL, (await store.GetAsync(X, ReadLevel.Linearizable, default))!.Revision.Low);
        Assert.Equal(20UL, (await store.GetAsync(X, ReadLevel.Stale, default))!.Revision.Low);
        Assert.Single((await store.ListAsync(X, ReadLevel.Stale, default)).Entries);
    }

    [Theory]
    [InlineData("an older entry")]
    [InlineData("gone, and nothing written since")]
    [InlineData("an older entry in a listing")]
    [InlineData("a commit with an index of the past")]
    public async Task A_store_that_goes_back_is_a_regression_for_good(string how)
    {
        var isBack = false;
        await using var consul = new FakeConsul(r => r.Path switch
        {
            "/v1/kv/ha/x?consistent" when !isBack => WriteTests.Entry("ha/x", "0", 20),
            "/v1/kv/ha/x?consistent" when how == "gone, and nothing written since" => FakeAnswer.Of(404, "", "X-Consul-Index: 19"),
            "/v1/kv/ha/x?consistent" or "/v1/kv/ha/x?recurse&consistent" => WriteTests.Entry("ha/x", "0", 19),
            _ => null, // A commit gets index 9.
        });
        await using var store = await consul.OpenAsync();
        await store.GetAsync(X, ReadLevel.Linearizable, default);
        isBack = true;
        var (call, applied) = how switch
        {
            "an older entry in a listing" => ((Func<Task>)(() => store.ListAsync(X, ReadLevel.Linearizable, default)), Applied.No),
            "a commit with an index of the past" => (() => store.CommitAsync(KvBatch.Empty.Put(StoreKey.Of("y"), default), default), Applied.Yes),
            _ => (() => store.GetAsync(X, ReadLevel.Linearizable, default), Applied.No),
        };
        await FailsAsync(StoreError.Regressed, applied, call, "went back in time", "stop all daemons");
        isBack = false;
        await FailsAsync(StoreError.Regressed, Applied.No, () => store.GetAsync(X, ReadLevel.Linearizable, default));
        await FailsAsync(StoreError.Regressed, Applied.No, () => store.CommitAsync(KvBatch.Empty.Put(X, default), default));
    }

    [Fact]
    public async Task Answers_that_overtake_each_other_are_no_regression()
    {
        // The listing was made before, and arrives after, a commit: only asking anew tells it from a regression.
        await using var consul = new FakeConsul(r => r.Path switch
        {
            "/v1/kv/ha/x?consistent" => WriteTests.Entry("ha/x", "0", 20),
            "/v1/kv/ha/x?recurse&consistent" => WriteTests.Entry("ha/x", "0", 19),
            _ => null,
        });
        await using var store = await consul.OpenAsync();
        await store.GetAsync(X, ReadLevel.Linearizable, default);
        Assert.Equal(19UL, Assert.Single((await store.ListAsync(X, ReadLevel.Linearizable, default)).Entries).Revision.Low);
        await store.GetAsync(X, ReadLevel.Linearizable, default);
    }

    [Fact]
    public async Task A_read_is_asked_again_elsewhere_and_each_failure_is_named()
    {
        await using var down = new FakeConsul(r => r.Path.Contains("/ha/x", StringComparison.Ordinal) ? FakeAnswer.Of(500, "No cluster leader") : null);
        await using var up = new FakeConsul(r => r.Path == "/v1/kv/ha/x?consistent" ? WriteTests.Entry("ha/x", "0", 20) : null);
        await using var store = await FakeConsul.OpenAsync([down.Endpoint, up.Endpoint]);
        Assert.NotNull(await store.GetAsync(X, ReadLevel.Linearizable, default));
        await up.DisposeAsync();
        await FailsAsync(StoreError.Unavailable, Applied.No, () => store.GetAsync(X, ReadLevel.Linearizable, default), down.Endpoint, "No cluster leader", up.Endpoint, "none of the 2");
    }
}
