using System.Collections.Immutable;
using Ha.Core.Config;
using Ha.Core.Model;
using Ha.Core.Stores;

namespace Ha.Hosting;

/// <summary>What is stored about resources, as it was read.</summary>
/// <param name="Resources">The configuration and what could not be read of it.</param>
/// <param name="Inventory">Where each resource lives. It also remembers resources that are no longer configured, as they may still run there.</param>
/// <param name="ResourcesEntry">The entry the configuration was read from; null if there is none.</param>
/// <param name="InventoryEntry">The entry the inventory was read from; null if there is none.</param>
public sealed record ResourceDocuments(
    SectionReading Resources, ImmutableSortedDictionary<ResourceId, NodeName> Inventory, KvEntry? ResourcesEntry, KvEntry? InventoryEntry)
{
    /// <summary>The effective settings.</summary>
    public ResourceSnapshot Effective => ResourcesDocument.Effective(Resources.Document, Inventory);

    /// <summary>Reads them. The configuration is read first: a resource in it is in the inventory that is read afterwards, which never forgets one.</summary>
    /// <exception cref="StoreException">No answer.</exception>
    /// <exception cref="DocumentException">The inventory is damaged.</exception>
    public static async Task<ResourceDocuments> ReadAsync(IKeyValueStore store, ResourceTypes types, ReadLevel level, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(store);
        var resources = await store.GetAsync(DocumentKeys.Resources, level, cancel);
        var inventory = await store.GetAsync(DocumentKeys.Inventory, level, cancel);
        return new(
            ResourcesDocument.Read(DocumentKeys.Resources.Value, resources is null ? default : resources.Value.Span, types),
            inventory is null ? InventoryDocument.Empty : InventoryDocument.Parse(inventory.Value),
            resources,
            inventory);
    }
}
