using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Ha.Backends.Etcd;
using Ha.Backends.Etcd.Wire;
using Ha.Core.Stores;
using Ha.StoreServers;

namespace Ha.Benchmarks.Overhead;

/// <summary>What our etcd adapter costs over a gRPC request written by hand over one HTTP/2 connection: one guard, one value of 256 bytes.</summary>
internal static class EtcdComparison
{
    private const int PrefixBytes = 5;

    private static readonly Uri Txn = new("/etcdserverpb.KV/Txn", UriKind.Relative);

    /// <summary>Runs against a server of our own, or one that is running.</summary>
    /// <param name="endpoint"><c>host:port</c>; null: start one.</param>
    public static Task<int> RunAsync(string? endpoint) => GuardedCommits.CompareAsync(StoreKind.Etcd, endpoint, OpenAsync, CompareAsync);

    private static async Task<IKeyValueStore> OpenAsync(string endpoint, StoreContext context) =>
        StoreConnection.TryParse($"etcd://{endpoint}/bench", out var connection)
            ? await EtcdStore.OpenAsync(EtcdOptions.Parse(connection), TimeProvider.System, 0, null, default)
            : throw new ArgumentException($"'{endpoint}' is not host:port", nameof(endpoint));

    private static async Task CompareAsync(GuardedCommits commits)
    {
        using var http = new HttpClient(new SocketsHttpHandler())
        {
            BaseAddress = new Uri($"http://{commits.Endpoint}"),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var (owner, revision) = ($"/bench/{commits.Owner}", (long)commits.OwnerRevision);
        await new SideBySide(
            "etcd guarded commit", commits.CommitAsync, worker => CommitBareAsync(http, owner, revision, $"/bench/bare/{worker}", commits.Value)).ReportAllAsync();
    }

    private static async Task CommitBareAsync(HttpClient http, string owner, long revision, string key, byte[] value)
    {
        var request = new TxnRequest
        {
            Compare = { new Compare { Target = Compare.Types.CompareTarget.Mod, Key = ByteString.CopyFromUtf8(owner), ModRevision = revision } },
            Success = { new RequestOp { RequestPut = new PutRequest { Key = ByteString.CopyFromUtf8(key), Value = ByteString.CopyFrom(value) } } },
        };
        var size = request.CalculateSize();
        var body = new byte[PrefixBytes + size];
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(1), size);
        request.WriteTo(body.AsSpan(PrefixBytes));
        using var message = new HttpRequestMessage(HttpMethod.Post, Txn) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        message.Headers.Add("te", "trailers");
        message.Headers.Add("grpc-timeout", "5S");
        message.Content = new ByteArrayContent(body);
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        using var answer = await http.SendAsync(message);
        var reply = await answer.Content.ReadAsByteArrayAsync();
        if (answer.TrailingHeaders.GetValues("grpc-status").Single() != "0" || !TxnResponse.Parser.ParseFrom(reply.AsSpan(PrefixBytes)).Succeeded)
            throw new InvalidOperationException("not committed");
    }
}
