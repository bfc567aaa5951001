using Ha.Core.Stores;
using static Ha.Backends.Consul.Tests.Wire.FailureAssert;

namespace Ha.Backends.Consul.Tests.Wire;

/// <summary>ACL tokens, against a server that knows one of them.</summary>
public sealed class TokenTests : IDisposable
{
    private static readonly KvBatch PutX = KvBatch.Empty.Put(StoreKey.Of("x"), default);

    private readonly string _file = Path.GetTempFileName();
    private string _known = "first";

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task The_token_is_read_from_its_file_and_read_again_when_it_is_no_longer_known()
    {
        await using var consul = new FakeConsul(Guarded);
        await File.WriteAllTextAsync(_file, "first\n");
        await using var store = await consul.OpenAsync(more: $"&token-file={_file}");
        await store.CommitAsync(PutX, default);
        _known = "second";
        Replace("second");
        Assert.IsType<KvOutcome.Committed>(await store.CommitAsync(PutX, default));
    }

    [Fact]
    public async Task A_token_nobody_knows_is_tried_once_a_call()
    {
        await using var consul = new FakeConsul(Guarded);
        await File.WriteAllTextAsync(_file, "first");
        await using var store = await consul.OpenAsync(more: $"&token-file={_file}");
        _known = "second";
        await FailsAsync(StoreError.Unauthenticated, Applied.No, () => store.CommitAsync(PutX, default), consul.Endpoint, _file);
        Assert.Single(consul.Requests, r => r.Path == "/v1/txn");
        Replace("third");
        await FailsAsync(StoreError.Unauthenticated, Applied.No, () => store.CommitAsync(PutX, default), _file);
        Assert.InRange(consul.Requests.Count(r => r.Path == "/v1/txn"), 2, 3);
    }

    [Fact]
    public async Task A_token_file_that_cannot_be_used_is_named()
    {
        await using var consul = new FakeConsul(Guarded);
        await File.WriteAllTextAsync(_file, "  \n");
        await FailsAsync(StoreError.Mismatch, Applied.No, () => consul.OpenAsync(more: $"&token-file={_file}"), _file, "no token");
        await FailsAsync(StoreError.Mismatch, Applied.No, () => consul.OpenAsync(more: "&token-file=/nowhere/token"), "/nowhere/token");
    }

    private void Replace(string token)
    {
        File.WriteAllText(_file, token);
        File.SetLastWriteTimeUtc(_file, File.GetLastWriteTimeUtc(_file).AddSeconds(1 + _known.Length)); // Later than any look, however coarse the file system's clock is.
    }

    private FakeAnswer? Guarded(FakeRequest request) =>
        request.Headers.Contains($"X-Consul-Token: {_known}\n", StringComparison.Ordinal) ? null : FakeAnswer.Of(403, "ACL not found");
}
