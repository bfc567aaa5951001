using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Ha.StoreFaults.Tests.Control;

/// <summary>A lock as one would naively build it from a Consul session, through one agent: held from the answer on for as long as the session was promised.</summary>
/// <param name="endpoint">The agent, as host:port.</param>
/// <param name="ttl">The session's time to live.</param>
internal sealed class SessionLock(string endpoint, TimeSpan ttl) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri($"http://{endpoint}/"), Timeout = TimeSpan.FromSeconds(2) };
    private string? _session;

    /// <summary>Asks once; true if it was granted.</summary>
    public async Task<bool> TryAcquireAsync(CancellationToken cancel)
    {
        _session ??= await CreateAsync(cancel);
        using var reply = await _http.PutAsync(new Uri($"v1/kv/control?acquire={_session}", UriKind.Relative), new StringContent("held"), cancel);
        return reply.StatusCode == HttpStatusCode.OK && (await reply.Content.ReadAsStringAsync(cancel)).Trim() == "true";
    }

    /// <summary>Renews the session; true if it still exists.</summary>
    public async Task<bool> TryRenewAsync(CancellationToken cancel)
    {
        using var reply = await _http.PutAsync(new Uri($"v1/session/renew/{_session}", UriKind.Relative), null, cancel);
        return reply.IsSuccessStatusCode;
    }

    public void Dispose() => _http.Dispose();

    private async Task<string> CreateAsync(CancellationToken cancel)
    {
        // Without delay after a loss; everything else as it is when not set.
        using var reply = await _http.PutAsync(new Uri("v1/session/create", UriKind.Relative), JsonContent.Create(new { TTL = $"{ttl.TotalSeconds:0}s", LockDelay = "0s" }), cancel);
        reply.EnsureSuccessStatusCode();
        return (await reply.Content.ReadFromJsonAsync<JsonElement>(cancel)).GetProperty("ID").GetString()!;
    }
}
