using System.Text;
using System.Text.Json;
using Ha.Backends.Consul.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.Consul;

/// <summary>Announces with sessions: a key that Consul deletes with its session. A hint only: a session may end early (its agent is deregistered) and
/// ends late (between one and two TTLs after the last renewal, more after a change of leader).</summary>
internal sealed class ConsulPresences(ConsulClient client)
{
    public async Task<IPresence> AnnounceAsync(StoreKey key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancel)
    {
        var budget = client.NewBudget();
        var session = await CreateSessionAsync(key, ttl, budget, cancel);
        var presence = new ConsulPresence(client, key, session);
        try
        {
            // Whoever has the key loses it: deleting takes it from its session.
            var name = client.Keys.Write(key);
            var body = new TxnBody().Begin().Delete(name).Lock(name, value.Span, client.NextNonce(), session).End();
            var call = new ConsulCall(HttpMethod.Put, client.Paths.Write, "announcing", key.Value) { Body = body.Bytes, IsWrite = true };
            using var reply = await client.SendAsync(call, budget, cancel);
            if (reply.Status != 200)
                throw Refused(reply, call);
            client.Place.Saw(key, Index(reply, call));
            return presence;
        }
        catch (Exception e) when (e is StoreException { Applied: Applied.No } or OperationCanceledException)
        {
            await presence.DisposeAsync();
            throw;
        }
    }

    private async Task<string> CreateSessionAsync(StoreKey key, TimeSpan ttl, Budget budget, CancellationToken cancel)
    {
        // No checks: gossip that suspects the node must not end it. No lock delay: it grants nothing that would need one.
        var text = $$"""{"Name":"{{key}}","TTL":"{{(long)Math.Ceiling(ttl.TotalMilliseconds)}}ms","LockDelay":"0s","Behavior":"delete","Checks":[],"NodeChecks":[]}""";
        var call = new ConsulCall(HttpMethod.Put, client.Paths.CreateSession, "making a session for", key.Value) { Body = Encoding.UTF8.GetBytes(text), IsWrite = true };
        using var reply = await client.SendAsync(call, budget, cancel);
        try
        {
            using var document = JsonDocument.Parse(reply.Body.ToArray());
            return document.RootElement.GetProperty("ID").GetString() ?? throw new FormatException("a session without an id");
        }
        catch (Exception e) when (ConsulErrors.MeansNotConsul(e))
        {
            throw ConsulErrors.NotConsul(reply.Endpoint, call.Description, e, isWrite: true);
        }
    }

    private static ulong Index(ConsulReply reply, ConsulCall call)
    {
        try
        {
            return TxnReader.ReadIndex(reply.Body);
        }
        catch (Exception e) when (ConsulErrors.MeansNotConsul(e))
        {
            throw ConsulErrors.NotConsul(reply.Endpoint, call.Description, e, isWrite: true);
        }
    }

    private StoreException Refused(ConsulReply reply, ConsulCall call) => reply.Body.IndexOf("ermission denied"u8) >= 0
        ? ConsulErrors.Unauthorized($"Consul at {reply.Endpoint}: {call.Description}: '{reply.Text}'", call.Subject, client.Transport.Token)
        : new StoreException(StoreError.PresenceLost, Applied.No, $"Consul at {reply.Endpoint}: {call.Description}: refused: '{reply.Text}'; announce again");
}

/// <summary>One announcement.</summary>
internal sealed class ConsulPresence(ConsulClient client, StoreKey key, string session) : IPresence
{
    /// <inheritdoc/>
    public async Task RefreshAsync(CancellationToken cancel)
    {
        var budget = client.NewBudget();
        using (var renewed = await client.SendAsync(Call(client.Paths.RenewSession(session), "renewing the session of"), budget, cancel))
        {
            if (renewed.Status != 200)
                throw Lost();
        }

        // The session may outlive its key, which another has announced.
        var body = new TxnBody().Begin().CheckSession(client.Keys.Write(key), session).End();
        using var reply = await client.SendAsync(new ConsulCall(HttpMethod.Put, client.Paths.Check, "checking", key.Value) { Body = body.Bytes }, budget, cancel);
        if (reply.Status != 200)
            throw Lost();
    }

    /// <summary>Withdraws the announcement; if the store does not answer, it ends by itself.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            using var reply = await client.SendAsync(Call(client.Paths.DestroySession(session), "ending the session of"), client.NewBudget(), CancellationToken.None);
        }
        catch (StoreException)
        {
            // It runs out by itself.
        }
    }

    private ConsulCall Call(string path, string doing) => new(HttpMethod.Put, path, doing, key.Value) { IsWrite = true };

    private StoreException Lost() => new(StoreError.PresenceLost, Applied.No, $"the announcement '{key}' has ended or was taken over: announce again");
}
