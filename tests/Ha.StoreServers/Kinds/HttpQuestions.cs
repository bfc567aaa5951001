using System.Text;
using System.Text.Json;

namespace Ha.StoreServers.Kinds;

/// <summary>Questions to a server that speaks HTTP.</summary>
internal sealed class HttpQuestions(TimeSpan timeout) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = timeout };

    /// <summary>A header for every question.</summary>
    public void AddHeader(string name, string value) => _http.DefaultRequestHeaders.Add(name, value);

    /// <summary>Asks.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="endpoint">The server, as <c>host:port</c>.</param>
    /// <param name="path">Path and query, with a slash in front.</param>
    /// <param name="body">What is sent as JSON; null for nothing.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>Whether the status means success, the status, and the text of the reply; status 0 if there was no answer.</returns>
    public async Task<HttpReply> AskAsync(HttpMethod method, string endpoint, string path, object? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, new Uri($"http://{endpoint}{path}"));
        if (body is not null)
            request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        try
        {
            using var reply = await _http.SendAsync(request, cancel);
            return new(reply.IsSuccessStatusCode, (int)reply.StatusCode, await reply.Content.ReadAsStringAsync(cancel));
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return new(false, 0, e.Message);
        }
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>What a server answered.</summary>
/// <param name="Success">Whether the status means success.</param>
/// <param name="Status">The HTTP status; 0 if there was no answer.</param>
/// <param name="Text">The reply, or why there was none.</param>
internal sealed record HttpReply(bool Success, int Status, string Text)
{
    /// <summary>The reply, if it means success.</summary>
    /// <param name="what">What was being done, for the message.</param>
    /// <exception cref="StoreServersException">It does not.</exception>
    public string Require(string what) => Success ? Text : throw new StoreServersException($"{what} failed: status {Status}, {Text}");
}
