using System.Collections.Immutable;
using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;
using Microsoft.Extensions.Logging;

namespace Ha.Hosting;

/// <summary>Resources of a cluster without a guest inventory of its own: the store says what is configured and where it lives.</summary>
/// <param name="store">The store.</param>
/// <param name="configuration">Changes the configuration.</param>
/// <param name="log">Receives what cannot be read of the configuration, once for each text of it.</param>
public sealed class StoreResourceRegistry(ILockingKvStore store, ResourceConfiguration configuration, ILogger log) : IResourceRegistry
{
    private string? _reported;

    /// <inheritdoc/>
    public async Task<ResourceSnapshot> ReadAsync(CancellationToken cancel)
    {
        var documents = await GuardAsync(() => configuration.ReadAsync(ReadLevel.Linearizable, cancel));
        var reading = documents.Resources;
        if (_reported != reading.Document.Digest)
        {
            foreach (var line in reading.Diagnostics)
                log.Write(ConfigurationLog.NotAccepted(line));
            _reported = reading.Document.Digest;
        }

        return documents.Effective;
    }

    /// <inheritdoc/>
    public Task SetWantedAsync(ResourceId id, WantedState state, CancellationToken cancel) =>
        configuration.SetWantedAsync(id, state, cancel);

    /// <inheritdoc/>
    public async Task MoveAsync(ResourceId id, NodeName from, NodeName to, CancellationToken cancel)
    {
        await GuardAsync(async () =>
        {
            try
            {
                await DocumentChanger.ApplyAsync(store, DecideAsync, cancel);
            }
            catch (StoreException e) when (e.Applied == Applied.Maybe && !cancel.IsCancellationRequested)
            {
                // Others may have written since, but only this move makes that node the owner.
                var now = await store.GetAsync(DocumentKeys.Inventory, ReadLevel.Linearizable, cancel);
                if (OwnerIn(now) != to)
                    throw;
            }

            return true;
        });

        async Task<DocumentChange> DecideAsync(CancellationToken token)
        {
            var entry = await store.GetAsync(DocumentKeys.Inventory, ReadLevel.Linearizable, token);
            var owner = OwnerIn(entry);
            if (owner != from)
                throw new PlatformException($"cannot move '{id}' from '{from}' to '{to}': it is {(owner is null ? "on no node" : $"on '{owner}'")}");
            return new(
                new Dictionary<StoreKey, KvEntry?> { [DocumentKeys.Inventory] = entry },
                new Dictionary<StoreKey, byte[]> { [DocumentKeys.Inventory] = InventoryDocument.Write(Read(entry).SetItem(id, to)) });
        }

        NodeName? OwnerIn(KvEntry? entry) => Read(entry).TryGetValue(id, out var node) ? node : null;
    }

    private static ImmutableSortedDictionary<ResourceId, NodeName> Read(KvEntry? entry) =>
        entry is null ? InventoryDocument.Empty : InventoryDocument.Parse(entry.Value);

    private static async Task<T> GuardAsync<T>(Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception e) when (e is StoreException or DocumentException)
        {
            throw new PlatformException(e.Message, e);
        }
    }
}
