using Ha.Backends.Consul.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.Consul;

/// <summary>Reads keys and listings.</summary>
internal sealed class ConsulReads(ConsulClient client)
{
    public async Task<KvEntry?> GetAsync(StoreKey key, ReadLevel level, CancellationToken cancel) =>
        (await FindAsync(key, level, client.NewBudget(), cancel))?.Entry;

    /// <summary>Reads one key with its nonce and session.</summary>
    public async Task<ConsulEntry?> FindAsync(StoreKey key, ReadLevel level, Budget budget, CancellationToken cancel)
    {
        var known = client.Place.KnownOf(key);
        var call = new ConsulCall(HttpMethod.Get, client.Paths.Get(client.Keys.Write(key), level), "reading", key.Value) { IsStale = level == ReadLevel.Stale };
        using var reply = await client.SendAsync(call, budget, cancel);
        var found = reply.Status == 404 ? null : Read(reply, key);
        var index = found?.Entry.Revision.Low ?? reply.Index; // The index of a missing key is that of all keys.
        if (index < known)
        {
            return level == ReadLevel.Stale
                ? await FindAsync(key, ReadLevel.Linearizable, budget, cancel) // This server is behind what we have seen.
                : throw client.Place.Regress($"'{key}' is at index {index} but was at {known}");
        }

        client.Place.Saw(key, index);
        return found;
    }

    public async Task<KvListing> ListAsync(StoreKey prefix, ReadLevel level, CancellationToken cancel)
    {
        var floor = client.Place.Sequence;
        var known = level == ReadLevel.Stale ? client.Place.KnownUnder(prefix) : 0;
        var (entries, index) = await ListAsync(prefix, level, null, client.NewBudget(), cancel);
        return index < known
            ? await ListAsync(prefix, ReadLevel.Linearizable, cancel)
            : new KvListing(entries, level == ReadLevel.Stale ? index : Math.Max(index, floor), Atomic: true);
    }

    /// <summary>Lists a prefix, and tells the index to wait from.</summary>
    /// <param name="prefix">The prefix.</param>
    /// <param name="level">How up to date.</param>
    /// <param name="known">Entries read before; those that are unchanged are taken from there. Null: none.</param>
    /// <param name="budget">The time it may take.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async Task<(List<KvEntry> Entries, ulong Index)> ListAsync(
        StoreKey prefix, ReadLevel level, Dictionary<StoreKey, KvEntry>? known, Budget budget, CancellationToken cancel)
    {
        // A prefix of Consul is one of characters: what lies beside ours is left out when reading.
        var call = new ConsulCall(HttpMethod.Get, client.Paths.List(client.Keys.Write(prefix), level), "listing", prefix.Value) { IsStale = level == ReadLevel.Stale };
        using var reply = await client.SendAsync(call, budget, cancel);
        if (reply.IsFiltered)
            throw ConsulErrors.Unauthorized($"Consul at {reply.Endpoint}: {call.Description}: it left out keys", prefix.Value, client.Transport.Token);
        var entries = reply.Status == 404 ? [] : ReadAll(reply, prefix, known);
        if (entries.Count == 0)
            await CheckPermissionAsync(prefix, level, budget, cancel);
        if (level == ReadLevel.Linearizable && client.Place.SawListing(prefix, entries, reply.Index) is { } older)
            await FindAsync(older, ReadLevel.Linearizable, budget, cancel); // Two answers that crossed, or a regression: asked anew, it is clear.
        return (entries, reply.Index);
    }

    // A listing leaves out what the token may not read, and older servers do not say so. Reading a key is refused.
    private async Task CheckPermissionAsync(StoreKey prefix, ReadLevel level, Budget budget, CancellationToken cancel)
    {
        var key = prefix == StoreKey.Root ? client.Keys.Identity : client.Keys.Write(prefix);
        using var reply = await client.SendAsync(new ConsulCall(HttpMethod.Get, client.Paths.GetRaw(key, level), "reading", key) { IsStale = level == ReadLevel.Stale }, budget, cancel);
    }

    private ConsulEntry? Read(ConsulReply reply, StoreKey key)
    {
        try
        {
            return KvReader.ReadFirst(reply.Body, client.Keys) is { } entry && entry.Entry.Key == key ? entry : throw new FormatException("another key was read");
        }
        catch (Exception e) when (ConsulErrors.MeansNotConsul(e))
        {
            throw ConsulErrors.NotConsul(reply.Endpoint, $"reading '{key}'", e, isWrite: false);
        }
    }

    private List<KvEntry> ReadAll(ConsulReply reply, StoreKey prefix, Dictionary<StoreKey, KvEntry>? known)
    {
        try
        {
            return KvReader.ReadAll(reply.Body, client.Keys, prefix, known);
        }
        catch (Exception e) when (ConsulErrors.MeansNotConsul(e))
        {
            throw ConsulErrors.NotConsul(reply.Endpoint, $"listing '{prefix}'", e, isWrite: false);
        }
    }
}
