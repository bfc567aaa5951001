using System.Globalization;
using System.Net.Sockets;

namespace Ha.StoreServers.External;

/// <summary>Servers that somebody else runs.</summary>
internal sealed class ExternalServers(StoreServersSpec spec, string connection) : IStoreServers
{
    /// <summary>Why they suffer no fault.</summary>
    public const string Untouched = "external servers belong to somebody else and are not broken";

    private readonly ExternalConnection _parts = Split(connection);
    private readonly string _run = $"ha-test-{DateTime.UtcNow:yyyyMMdd-HHmmss}-{Environment.ProcessId}";

    public StoreServersSpec Spec => spec;

    public IReadOnlyList<IStoreMember> Members { get; } = [.. Split(connection).Endpoints.Select((e, i) => new ExternalMember(i, e))];

    public StoreCredentials Credentials => StoreCredentials.None;

    /// <summary>Takes a connection string apart.</summary>
    public static ExternalConnection Split(string connection)
    {
        var start = connection.IndexOf("://", StringComparison.Ordinal) + 3;
        var query = connection.IndexOf('?', start) is >= 0 and var q ? q : connection.Length;
        var path = connection.IndexOf('/', start, query - start) is >= 0 and var p ? p : query;
        var authority = connection[start..path];
        var endpoints = authority[(authority.LastIndexOf('@') + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries);
        return new(connection[..path], endpoints, connection[path..query].Trim('/'), connection[query..].TrimStart('?'));
    }

    public string ConnectionString(string space, params IEnumerable<string> parameters)
    {
        var path = string.Join('/', new[] { _parts.Path, _run, space.Trim('/') }.Where(p => p != ""));
        var query = string.Join('&', parameters.Prepend(_parts.Query).Where(p => p != ""));
        return $"{_parts.Servers}/{path}{(query == "" ? "" : "?")}{query}";
    }

    public string? UnsupportedBecause(StoreFault fault) => Untouched;

    public Task<IStoreMember?> LeaderAsync(CancellationToken cancel) => throw new StoreServersException("external servers are not asked who leads them");

    public Task WaitUntilReadyAsync(CancellationToken cancel) =>
        Patience.UntilAsync(
            async () => (await Task.WhenAll(_parts.Endpoints.Select(e => AnswersAsync(e, cancel)))).Contains(true),
            spec.StartTimeout, () => Task.FromResult($"none of {string.Join(", ", _parts.Endpoints)} takes connections"), cancel);

    public Task BackUpAsync(CancellationToken cancel) => throw new StoreServersException(Untouched);

    public Task RestoreBackupAsync(CancellationToken cancel) => throw new StoreServersException(Untouched);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task<bool> AnswersAsync(string endpoint, CancellationToken cancel)
    {
        using var client = new TcpClient();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(2));
        try
        {
            var colon = endpoint.LastIndexOf(':');
            await client.ConnectAsync(endpoint[..colon].Trim('[', ']'), int.Parse(endpoint[(colon + 1)..], CultureInfo.InvariantCulture), limit.Token);
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            return false;
        }
    }
}

/// <summary>The parts of a connection string.</summary>
/// <param name="Servers">Scheme, credentials and servers.</param>
/// <param name="Endpoints">The servers.</param>
/// <param name="Path">The path without slashes around it.</param>
/// <param name="Query">The parameters.</param>
internal sealed record ExternalConnection(string Servers, string[] Endpoints, string Path, string Query);
