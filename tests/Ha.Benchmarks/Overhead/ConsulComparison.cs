using System.Globalization;
using System.Text;
using System.Text.Json;
using Ha.Backends.Consul;
using Ha.Core.Stores;
using Ha.StoreServers;
using Ha.Testing;

namespace Ha.Benchmarks;

/// <summary>What our Consul adapter costs over a transaction written by hand: one guard, one value of 256 bytes.</summary>
internal static class ConsulComparison
{
    private const int ValueBytes = 256;
    private const int Workers = 64;
    private static ulong _nonce;

    /// <summary>Runs against a server of our own, or one that is running.</summary>
    /// <param name="endpoint"><c>host:port</c>; null: start one.</param>
    public static async Task<int> RunAsync(string? endpoint)
    {
        if (endpoint is null && TestServers.UnavailableBecause(StoreKind.Consul) is { } reason)
        {
            await Console.Error.WriteLineAsync(reason);
            return 1;
        }

        await using var servers = endpoint is null ? await TestServers.StartAsync(new StoreServersSpec(StoreKind.Consul), CancellationToken.None) : null;
        endpoint ??= servers!.Members[0].Endpoint;
        var context = new StoreContext(new ManualStoreClock(), TimeProvider.System, new Guid(1, 0, 0, new byte[8]));
        // Without watching, which the bare client does not do either.
        await using var store = new LeaseLockingStore(await ConsulStore.OpenAsync(new ConsulOptions([endpoint], StoreKey.Of("bench")), TimeProvider.System, null, default), context, observe: false);
        var name = DocumentKeys.ManagerLock;
        var handle = await TakeAsync(store, name);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Workers }) { BaseAddress = new Uri($"http://{endpoint}") };
        var value = new byte[ValueBytes];
        var keys = Enumerable.Range(0, Workers).Select(i => StoreKey.Of($"document/{i}")).ToArray();
        var owner = $"bench/{LockKeys.Owner(name)}";
        var comparison = new SideBySide(
            "Consul guarded commit",
            async worker => Committed(await store.CommitAsync(KvBatch.Empty.GuardedBy(handle.Token).Put(keys[worker], value), default)),
            worker => CommitBareAsync(http, owner, handle.Token.OwnerRevision.Low, $"bench/bare/{worker}", value));
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

    private static async Task CommitBareAsync(HttpClient http, string owner, ulong revision, string key, byte[] value)
    {
        var nonce = Interlocked.Increment(ref _nonce);
        var body = string.Create(
            CultureInfo.InvariantCulture,
            $$$"""[{"KV":{"Verb":"check-index","Key":"{{{owner}}}","Index":{{{revision}}}}},{"KV":{"Verb":"set","Key":"{{{key}}}","Value":"{{{Convert.ToBase64String(value)}}}","Flags":{{{nonce}}}}}]""");
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.PutAsync(new Uri("/v1/txn", UriKind.Relative), content);
        response.EnsureSuccessStatusCode();
        using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        if (answer.RootElement.GetProperty("Results")[0].GetProperty("KV").GetProperty("ModifyIndex").GetUInt64() == 0)
            throw new InvalidOperationException("not committed");
    }
}
