using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Ha.Backends.Etcd;
using Ha.Backends.Etcd.Wire;
using Ha.Core.Stores;
using Ha.StoreServers;
using Ha.Testing;

namespace Ha.Benchmarks;

/// <summary>What our etcd adapter costs over a gRPC request written by hand over one HTTP/2 connection: one guard, one value of 256 bytes.</summary>
internal static class EtcdComparison
{
    private const int ValueBytes = 256;
    private const int PrefixBytes = 5;
    private const int Workers = 64;

    private static readonly Uri Txn = new("/etcdserverpb.KV/Txn", UriKind.Relative);

    /// <summary>Runs against a server of our own, or one that is running.</summary>
    /// <param name="endpoint"><c>host:port</c>; null: start one.</param>
    public static async Task<int> RunAsync(string? endpoint)
    {
        if (endpoint is null && TestServers.UnavailableBecause(StoreKind.Etcd) is { } reason)
        {
            await Console.Error.WriteLineAsync(reason);
            return 1;
        }

        await using var servers = endpoint is null ? await TestServers.StartAsync(new StoreServersSpec(StoreKind.Etcd), CancellationToken.None) : null;
        endpoint ??= servers!.Members[0].Endpoint;
        if (!StoreConnection.TryParse($"etcd://{endpoint}/bench", out var connection))
            throw new ArgumentException($"'{endpoint}' is not host:port", nameof(endpoint));
        var context = new StoreContext(new ManualStoreClock(), TimeProvider.System, new Guid(1, 0, 0, new byte[8]));
        // Without watching, which the bare client does not do either.
        await using var store = new LeaseLockingStore(await EtcdStore.OpenAsync(EtcdOptions.Parse(connection), TimeProvider.System, 0, null, default), context, observe: false);
        var name = DocumentKeys.ManagerLock;
        var handle = await TakeAsync(store, name);
        using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri($"http://{endpoint}"), DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        var value = new byte[ValueBytes];
        var keys = Enumerable.Range(0, Workers).Select(i => StoreKey.Of($"document/{i}")).ToArray();
        var (owner, revision) = ($"/bench/{LockKeys.Owner(name)}", (long)handle.Token.OwnerRevision.Low);
        var comparison = new SideBySide(
            "etcd guarded commit",
            async worker => Committed(await store.CommitAsync(KvBatch.Empty.GuardedBy(handle.Token).Put(keys[worker], value), default)),
            worker => CommitBareAsync(http, owner, revision, $"/bench/bare/{worker}", value));
        await comparison.ReportAsync(1, 500);
        await comparison.ReportAsync(16, 150);
        await comparison.ReportAsync(Workers, 50);
        await handle.ReleaseAsync(default);
        return 0;
    }

    private static async Task<ILockHandle> TakeAsync(LeaseLockingStore store, StoreKey name) =>
        await store.TryAcquireAsync(name, new LockOptions("bench", TimeSpan.FromMinutes(2), AdoptOwn: true), default) is LockAttempt.Granted granted
            ? granted.Handle
            : throw new InvalidOperationException("the lock of the benchmark is held: use another server");

    private static void Committed(KvOutcome outcome)
    {
        if (outcome is not KvOutcome.Committed { Guard: GuardStrength.Enforced })
            throw new InvalidOperationException($"not committed: {outcome}");
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
