using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ha.Backends.Consul.Wire;
using Ha.Core.Stores;
using Microsoft.Extensions.Logging;

namespace Ha.Backends.Consul;

/// <summary>Knows our cluster again. Consul has no identity a client can ask for, so the store gets one: a random text, written once.</summary>
internal sealed class ConsulIdentity(ConsulClient client, ILogger? log)
{
    private const int Bytes = 16;
    private static readonly Version Oldest = new(1, 8);

    private string? _identity;

    /// <summary>Finds out the server's version, and the store's identity; gives it one if it is new. From then on every endpoint is checked.</summary>
    /// <returns>The version, for messages.</returns>
    /// <exception cref="StoreException">No server, not Consul, too old, not permitted, or endpoints of several clusters.</exception>
    public async Task<string> OpenAsync(CancellationToken cancel)
    {
        var budget = client.NewBudget();
        var version = await ReadVersionAsync(budget, cancel);
        var (identity, from) = await ReadAsync(budget, cancel);
        if (identity is null)
            (identity, from) = await CreateAsync(from, budget, cancel);
        _identity = identity;
        foreach (var endpoint in client.Transport.Endpoints.Where(e => e.Address == from))
            endpoint.IsVerified = endpoint.WasVerified = true;
        client.Transport.Verify = VerifyAsync;
        return version;
    }

    private async Task<string> ReadVersionAsync(Budget budget, CancellationToken cancel)
    {
        try
        {
            using var reply = await client.SendAsync(new ConsulCall(HttpMethod.Get, client.Paths.Self, "asking for", "the version"), budget, cancel);
            var version = Parse(reply);
            return !Version.TryParse(version.Split('+', '-')[0], out var number) || number >= Oldest
                ? version
                : throw new StoreException(StoreError.Mismatch, Applied.No, $"Consul at {reply.Endpoint} is {version}: {Oldest} or newer is needed; upgrade the servers");
        }
        catch (StoreException e) when (e.Error == StoreError.Unauthorized)
        {
            return "unknown"; // Needs 'agent' permission, which nothing else of ours does.
        }
    }

    private static string Parse(ConsulReply reply)
    {
        try
        {
            using var document = JsonDocument.Parse(reply.Body.ToArray());
            return document.RootElement.GetProperty("Config").GetProperty("Version").GetString() ?? "unknown";
        }
        catch (Exception e) when (ConsulErrors.MeansNotConsul(e))
        {
            throw ConsulErrors.NotConsul(reply.Endpoint, "asking for the version", e, isWrite: false);
        }
    }

    private ConsulCall Question(ReadLevel level) =>
        new(HttpMethod.Get, client.Paths.GetRaw(client.Keys.Identity, level), "reading", client.Keys.Identity) { IsStale = level == ReadLevel.Stale };

    private async Task<(string? Identity, string From)> ReadAsync(Budget budget, CancellationToken cancel)
    {
        using var reply = await client.SendAsync(Question(ReadLevel.Linearizable), budget, cancel);
        return (Identity(reply), reply.Endpoint);
    }

    private static string? Identity(ConsulReply reply) => reply.Status == 200 ? Encoding.UTF8.GetString(reply.Body) : null;

    private async Task<(string Identity, string From)> CreateAsync(string first, Budget budget, CancellationToken cancel)
    {
        foreach (var other in client.Transport.Endpoints.Where(e => e.Address != first))
        {
            if (await KnownElsewhereAsync(other, first, budget, cancel) is { } known)
                return (known, first);
        }

        var fresh = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));
        var body = new TxnBody().Begin().CheckAbsent(client.Keys.Identity).Set(client.Keys.Identity, Encoding.UTF8.GetBytes(fresh), client.NextNonce()).End();
        try
        {
            var call = new ConsulCall(HttpMethod.Put, client.Paths.Write, "writing", client.Keys.Identity) { Body = body.Bytes, IsWrite = true };
            using var reply = await client.SendAsync(call, budget, cancel);
            if (reply.Status == 409 && reply.Body.IndexOf("ermission denied"u8) >= 0)
                throw ConsulErrors.Unauthorized($"Consul at {reply.Endpoint}: {call.Description}: '{reply.Text}'", client.Keys.Identity, client.Transport.Token);
        }
        catch (StoreException e) when (e.Applied == Applied.Maybe)
        {
            // Read back below: ours, another's, or none.
        }

        var (identity, from) = await ReadAsync(budget, cancel);
        return (identity ?? throw new StoreException(StoreError.Unavailable, Applied.No, $"Consul at {from}: the new store's identity '{client.Keys.Identity}' was not written: try again"), from);
    }

    // If another endpoint of the list knows the store already, somebody has just made it, or the list mixes clusters.
    private async Task<string?> KnownElsewhereAsync(ConsulEndpoint other, string first, Budget budget, CancellationToken cancel)
    {
        var span = budget.Remaining / (client.Transport.Endpoints.Count + 1);
        try
        {
            if (await AskAsync(other, ReadLevel.Linearizable, span, cancel) is not { } identity)
                return null;
            return await AskAsync(client.Transport.Endpoints.First(e => e.Address == first), ReadLevel.Linearizable, span, cancel) == identity
                ? identity
                : throw new StoreException(StoreError.Mismatch, Applied.No, $"Consul at {other.Address} has this store and Consul at {first} has not: they are two clusters; name the servers of one");
        }
        catch (StoreException e) when (e.Error == StoreError.Unavailable)
        {
            return null; // It is checked when it answers.
        }
    }

    private async Task VerifyAsync(ConsulEndpoint endpoint, ConsulCall call, TimeSpan span, CancellationToken cancel)
    {
        var found = await AskAsync(endpoint, call.IsStale ? ReadLevel.Stale : ReadLevel.Linearizable, span, cancel);
        if (found != _identity && call.IsStale)
            found = await AskAsync(endpoint, ReadLevel.Linearizable, span, cancel); // It may only be behind.
        if (found == _identity)
        {
            endpoint.IsVerified = endpoint.WasVerified = true;
            return;
        }

        var what = $"Consul at {endpoint.Address} has {(found is null ? "no identity" : $"the identity '{found}'")} at '{client.Keys.Identity}' where ours is '{_identity}'";
        if (endpoint.WasVerified)
            throw client.Place.Regress(what);
        log?.LogOtherCluster(what);
        throw new StoreException(StoreError.Mismatch, Applied.No, $"{what}: it is of another cluster; remove it from the connection string");
    }

    private async Task<string?> AskAsync(ConsulEndpoint endpoint, ReadLevel level, TimeSpan span, CancellationToken cancel)
    {
        using var reply = await client.Transport.AskAsync(endpoint, Question(level), span, cancel);
        return Identity(reply);
    }
}
