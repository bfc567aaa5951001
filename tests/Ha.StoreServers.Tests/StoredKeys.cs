using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Ha.StoreServers.Tests;

/// <summary>Writes and reads keys of servers that speak HTTP.</summary>
internal static class StoredKeys
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Writes a key through the first member.</summary>
    public static async Task PutAsync(IStoreServers servers, string key, CancellationToken cancel)
    {
        using var reply = servers.Spec.Kind is StoreKind.Consul
            ? await Http.PutAsync(Address(servers, $"/v1/kv/{key}"), new StringContent("value"), cancel)
            : await Http.PostAsJsonAsync(Address(servers, "/v3/kv/put"), new { key = Base64(key), value = Base64("value") }, cancel);
        reply.EnsureSuccessStatusCode();
    }

    /// <summary>Whether the cluster has a key.</summary>
    public static async Task<bool> HasAsync(IStoreServers servers, string key, CancellationToken cancel)
    {
        if (servers.Spec.Kind is StoreKind.Consul)
        {
            using var found = await Http.GetAsync(Address(servers, $"/v1/kv/{key}?consistent"), cancel);
            return found.IsSuccessStatusCode;
        }

        using var reply = await Http.PostAsJsonAsync(Address(servers, "/v3/kv/range"), new { key = Base64(key) }, cancel);
        var answer = await reply.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancel);
        return answer.TryGetProperty("count", out var count) && count.GetString() == "1";
    }

    private static Uri Address(IStoreServers servers, string path) => new($"http://{servers.Members[0].Endpoint}{path}");

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
