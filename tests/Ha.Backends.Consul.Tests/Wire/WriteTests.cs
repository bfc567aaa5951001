using System.Text.RegularExpressions;
using Ha.Core.Stores;
using static Ha.Backends.Consul.Tests.Wire.FailureAssert;

namespace Ha.Backends.Consul.Tests.Wire;

/// <summary>Transactions against a server that answers as recorded ones did, and as servers that we cannot run are documented to.</summary>
public sealed partial class WriteTests
{
    private static readonly StoreKey X = StoreKey.Of("x");
    private static readonly KvBatch PutX = KvBatch.Empty.Put(X, "1"u8.ToArray());

    [Fact]
    public async Task A_batch_is_one_transaction_of_conditions_and_then_writes_with_one_nonce()
    {
        await using var consul = new FakeConsul(_ => null);
        await using var store = await consul.OpenAsync();
        await store.CommitAsync(KvBatch.Empty.RequireRevision(StoreKey.Of("vm:100"), new(0, 7)).RequireAbsent(X).Put(X, "1"u8.ToArray()).Put(StoreKey.Of("y"), default).Delete(StoreKey.Of("z")), default);
        var sent = Assert.Single(consul.Requests, r => r.Path == "/v1/txn");
        var nonce = Nonce().Match(sent.Body).Groups[1].Value;
        Assert.Equal(
            $$$"""[{"KV":{"Verb":"check-index","Key":"ha/vm-c100","Index":7}},{"KV":{"Verb":"check-not-exists","Key":"ha/x"}},{"KV":{"Verb":"set","Key":"ha/x","Value":"MQ==","Flags":{{{nonce}}}}},{"KV":{"Verb":"set","Key":"ha/y","Value":"","Flags":{{{nonce}}}}},{"KV":{"Verb":"delete","Key":"ha/z"}}]""",
            sent.Body);
    }

    [Fact]
    public async Task Two_batches_never_have_one_nonce()
    {
        await using var consul = new FakeConsul(Growing());
        await using var store = await consul.OpenAsync();
        await using var other = await consul.OpenAsync();
        for (var i = 0; i < 20; i++)
            await (i % 2 == 0 ? store : other).CommitAsync(PutX, default);
        var nonces = consul.Requests.Where(r => r.Path == "/v1/txn").Select(r => Nonce().Match(r.Body).Groups[1].Value).ToList();
        Assert.Equal(20, nonces.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("part of the headers")]
    [InlineData("part of the body")]
    [InlineData("rpc error making call: EOF")]
    [InlineData("leadership lost while committing log")]
    public async Task A_write_whose_answer_is_lost_is_settled_by_its_nonce(string how)
    {
        foreach (var isApplied in new[] { true, false })
        {
            var nonce = "";
            await using var consul = new FakeConsul(request =>
            {
                if (request.Path == "/v1/txn")
                {
                    nonce = isApplied ? Nonce().Match(request.Body).Groups[1].Value : "1";
                    return Broken(how);
                }

                return request.Path.StartsWith("/v1/kv/ha/x?", StringComparison.Ordinal) ? Entry("ha/x", nonce, 12) : null;
            });
            await using var store = await consul.OpenAsync();
            if (isApplied)
                Assert.Equal(new StoreRevision(0, 12), Assert.IsType<KvOutcome.Committed>(await store.CommitAsync(PutX, default)).Revisions[X]);
            else
                await FailsAsync(StoreError.OutcomeUnknown, Applied.Maybe, () => store.CommitAsync(PutX, default), consul.Endpoint, "writing 'x'");
            Assert.Single(consul.Requests, r => r.Path == "/v1/txn"); // Never sent twice.
        }
    }

    [Fact]
    public async Task A_write_that_is_never_answered_ends_at_its_deadline_as_unknown()
    {
        // Real time: the deadline of a call over a real socket is what is tested.
        await using var consul = new FakeConsul(r => r.Path == "/v1/txn" ? FakeAnswer.Never : null);
        await using var store = await consul.OpenAsync(timeoutSeconds: 2);
        await FailsAsync(StoreError.OutcomeUnknown, Applied.Maybe, () => store.CommitAsync(PutX, default), "no answer within").WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_write_cancelled_after_it_was_sent_is_unknown_and_before_that_is_cancelled()
    {
        var arrived = new TaskCompletionSource();
        await using var consul = new FakeConsul(r =>
        {
            if (r.Path != "/v1/txn")
                return null;
            arrived.SetResult();
            return FakeAnswer.Never;
        });
        await using var store = await consul.OpenAsync();
        using var cancel = new CancellationTokenSource();
        var writing = store.CommitAsync(PutX, cancel.Token);
        await arrived.Task;
        await cancel.CancelAsync();
        await FailsAsync(StoreError.OutcomeUnknown, Applied.Maybe, () => writing, "cancelled after it was sent");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.CommitAsync(PutX, cancel.Token));
    }

    [Theory]
    [InlineData(429, "Your IP is issuing too many requests", StoreError.Unavailable, "throttled")]
    [InlineData(413, "Transaction contains too many operations (65 > 64)", StoreError.TooManyOperations, "65 > 64")]
    [InlineData(413, "Request body too large", StoreError.TooLarge, "too large")]
    [InlineData(400, "Invalid key name", StoreError.InvalidKey, "refuses the key")]
    [InlineData(403, "Permission denied", StoreError.Unauthorized, "token-file")]
    [InlineData(409, """{"Results":null,"Errors":[{"OpIndex":0,"What":"Permission denied: anonymous token lacks permission 'key:write' on \"ha/x\". The anonymous token is used implicitly when a request does not specify a token."}]}""", StoreError.Unauthorized, "key_prefix")]
    [InlineData(409, """{"Results":null,"Errors":[{"OpIndex":0,"What":"something new"}]}""", StoreError.Unavailable, "something new")]
    public async Task A_refusal_says_that_nothing_was_written_and_what_would_help(int status, string body, StoreError error, string says)
    {
        await using var consul = new FakeConsul(r => r.Path == "/v1/txn" ? FakeAnswer.Of(status, body) : null);
        await using var store = await consul.OpenAsync();
        await FailsAsync(error, Applied.No, () => store.CommitAsync(PutX, default), consul.Endpoint, says);
    }

    [Theory]
    [InlineData("<html>502 Bad Gateway</html>")]
    [InlineData("{}")]
    [InlineData("")]
    public async Task An_answer_that_is_none_of_Consul_leaves_a_write_unknown(string body)
    {
        await using var consul = new FakeConsul(r => r.Path == "/v1/txn" ? FakeAnswer.Of(200, body) : null);
        await using var store = await consul.OpenAsync();
        await FailsAsync(StoreError.OutcomeUnknown, Applied.Maybe, () => store.CommitAsync(PutX, default), consul.Endpoint);
    }

    [Fact]
    public async Task A_batch_whose_encoding_is_too_large_is_refused_before_anything_is_sent()
    {
        await using var consul = new FakeConsul(r => r.Path.Contains("-store?raw", StringComparison.Ordinal) ? FakeAnswer.Of(200, "mine", "X-Consul-Index: 5") : null);
        var prefix = new string('-', StoreKey.MaxLength);
        await using var store = await ConsulStore.OpenAsync(Connections.Parse($"consul://{consul.Endpoint}/{prefix}"), TimeProvider.System, null, default);
        // Within the limits of keys and values, but each key has a long prefix in front, and dashes double in length when encoded.
        var batch = Enumerable.Range(0, 60).Aggregate(KvBatch.Empty, (b, i) => b.Put(StoreKey.Of($"{new string('-', 250)}{i}"), new byte[5850]));
        await FailsAsync(StoreError.TooLarge, Applied.No, () => store.CommitAsync(batch, default), "524288");
        Assert.DoesNotContain(consul.Requests, r => r.Path == "/v1/txn");
    }

    private static FakeAnswer Broken(string how) => how switch
    {
        "cut" => FakeAnswer.Cut,
        "part of the headers" => new FakeAnswer("HTTP/1.1 200 OK\r\nContent-Le", Cuts: true),
        "part of the body" => new FakeAnswer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"Results\":[{\"KV\":", Cuts: true),
        _ => FakeAnswer.Of(500, how),
    };

    internal static FakeAnswer Entry(string key, string flags, int index) => FakeAnswer.Of(
        200, $$"""[{"LockIndex":0,"Key":"{{key}}","Flags":{{flags}},"Value":"MQ==","CreateIndex":8,"ModifyIndex":{{index}}}]""", $"X-Consul-Index: {index}");

    private static Func<FakeRequest, FakeAnswer?> Growing()
    {
        var index = 100;
        return r => r.Path == "/v1/txn" ? FakeAnswer.Of(200, $$$"""{"Results":[{"KV":{"Key":"ha/x","ModifyIndex":{{{Interlocked.Increment(ref index)}}}}}],"Errors":null}""") : null;
    }

    [GeneratedRegex("\"Flags\":([0-9]+)")]
    private static partial Regex Nonce();
}
