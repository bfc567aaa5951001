using System.Globalization;
using System.Text;
using System.Text.Json;
using Ha.Backends.Consul;
using Ha.Core.Stores;
using Ha.StoreServers;

namespace Ha.Benchmarks.Overhead;

/// <summary>What our Consul adapter costs over a transaction written by hand: one guard, one value of 256 bytes.</summary>
internal static class ConsulComparison
{
    private static ulong _nonce;

    /// <summary>Runs against a server of our own, or one that is running.</summary>
    /// <param name="endpoint"><c>host:port</c>; null: start one.</param>
    public static Task<int> RunAsync(string? endpoint) => GuardedCommits.CompareAsync(StoreKind.Consul, endpoint, OpenAsync, CompareAsync);

    private static async Task<IKeyValueStore> OpenAsync(string endpoint, StoreContext context) =>
        await ConsulStore.OpenAsync(new ConsulOptions([endpoint], StoreKey.Of("bench")), TimeProvider.System, null, default);

    private static async Task CompareAsync(GuardedCommits commits)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = GuardedCommits.Workers }) { BaseAddress = new Uri($"http://{commits.Endpoint}") };
        await new SideBySide(
            "Consul guarded commit",
            commits.CommitAsync,
            worker => CommitBareAsync(http, $"bench/{commits.Owner}", commits.OwnerRevision, $"bench/bare/{worker}", commits.Value)).ReportAllAsync();
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
