using System.Collections.Immutable;
using Ha.Core.Config;
using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;

namespace Ha.Hosting;

/// <summary>Changes what is configured, where the store itself says where resources live: under the configuration lock, and by compare-and-set.</summary>
/// <param name="store">The store.</param>
/// <param name="types">The kinds of resources.</param>
/// <param name="gate">The configuration lock.</param>
public sealed class ResourceConfiguration(ILockingKvStore store, ResourceTypes types, ConfigurationLock gate)
{
    private const string UpdateFailed = "update resources config failed";

    /// <summary>The kinds of resources.</summary>
    public ResourceTypes Types => types;

    /// <summary>Reads what is configured.</summary>
    /// <exception cref="StoreException">No answer.</exception>
    /// <exception cref="DocumentException">A document is damaged.</exception>
    public Task<ResourceDocuments> ReadAsync(ReadLevel level, CancellationToken cancel) => ResourceDocuments.ReadAsync(store, types, level, cancel);

    /// <summary>Adds a resource and records where it lives.</summary>
    /// <param name="id">The resource.</param>
    /// <param name="values">Its properties.</param>
    /// <param name="chooseHome">Says from the inventory where it lives; may refuse with a <see cref="ConfigException"/>.</param>
    /// <param name="cancel">Ends the wait; whether it was added is then unknown.</param>
    /// <exception cref="PlatformException">It was not added, or nobody can tell; the message says why.</exception>
    public Task AddAsync(
        ResourceId id,
        IReadOnlyDictionary<string, string> values,
        Func<ImmutableSortedDictionary<ResourceId, NodeName>, NodeName> chooseHome,
        CancellationToken cancel) => ChangeAsync(
        "create resource failed",
        async token =>
        {
            var before = await ReadAsync(ReadLevel.Linearizable, token);
            var resources = ResourcesDocument.Add(before.Resources.Document, id, values, types);
            var inventory = before.Inventory.SetItem(id, chooseHome(before.Inventory));
            return new DocumentChange(
                EntriesOf(before),
                new Dictionary<StoreKey, byte[]>
                {
                    [DocumentKeys.Resources] = ResourcesDocument.Write(resources, types),
                    [DocumentKeys.Inventory] = InventoryDocument.Write(inventory),
                });
        },
        cancel);

    /// <summary>Changes a resource.</summary>
    /// <exception cref="PlatformException">It was not changed, or nobody can tell; the message says why.</exception>
    public Task SetAsync(ResourceId id, ResourceChange change, CancellationToken cancel) =>
        ChangeAsync(UpdateFailed, token => DecideSetAsync(id, change, token), cancel);

    /// <summary>Changes what is wanted of a resource by compare-and-set alone: a daemon's round must not wait for an administrator's command,
    /// or it would miss its renewals.</summary>
    /// <exception cref="PlatformException">It was not changed, or nobody can tell; the message says why.</exception>
    public Task SetWantedAsync(ResourceId id, WantedState state, CancellationToken cancel)
    {
        var change = new ResourceChange { Values = ConfigSection.NoValues.Add("state", state.Word()) };
        return FailedOperation.ExplainAsync(UpdateFailed, () => DocumentChanger.ApplyAsync(store, token => DecideSetAsync(id, change, token), cancel));
    }

    /// <summary>Removes a resource from the configuration. It is neither started nor stopped, and the inventory still knows where it lives.</summary>
    /// <param name="id">The resource.</param>
    /// <param name="purge">Also remove it from all rules; rules that lose their last resource go too.</param>
    /// <param name="cancel">Ends the wait; whether it was removed is then unknown.</param>
    /// <exception cref="PlatformException">It was not removed, or nobody can tell; the message says why.</exception>
    public Task RemoveAsync(ResourceId id, bool purge, CancellationToken cancel) => ChangeAsync(
        "delete resource failed",
        async token =>
        {
            var before = await ReadAsync(ReadLevel.Linearizable, token);
            var change = WriteResources(before, before.Resources.Document.Without(id.Value));
            return purge && await store.GetAsync(DocumentKeys.Rules, ReadLevel.Linearizable, token) is { } rules
                ? WithRules(change, rules, Purge(rules, id))
                : change;
        },
        cancel);

    private async Task<DocumentChange> DecideSetAsync(ResourceId id, ResourceChange change, CancellationToken cancel)
    {
        var before = await ReadAsync(ReadLevel.Linearizable, cancel);
        return WriteResources(before, ResourcesDocument.Change(before.Resources.Document, id, change, types));
    }

    private Task ChangeAsync(string operation, Func<CancellationToken, Task<DocumentChange>> decide, CancellationToken cancel) =>
        FailedOperation.ExplainAsync(operation, () => gate.RunAsync(token => DocumentChanger.ApplyAsync(store, decide, token), cancel));

    private DocumentChange WriteResources(ResourceDocuments before, SectionDocument after) =>
        new(EntriesOf(before), new Dictionary<StoreKey, byte[]> { [DocumentKeys.Resources] = ResourcesDocument.Write(after, types) });

    private static byte[] Purge(KvEntry rules, ResourceId id)
    {
        var reading = SectionReader.Read(DocumentKeys.Rules.Value, rules.Value.Span, DocumentSchemas.Rules);
        return SectionWriter.Write(RulesDocument.Purge(reading.Document, id.Value), DocumentSchemas.Rules);
    }

    private static DocumentChange WithRules(DocumentChange change, KvEntry rules, byte[] text) => new(
        new Dictionary<StoreKey, KvEntry?>(change.Read) { [DocumentKeys.Rules] = rules },
        new Dictionary<StoreKey, byte[]>(change.Write) { [DocumentKeys.Rules] = text });

    private static Dictionary<StoreKey, KvEntry?> EntriesOf(ResourceDocuments documents) => new()
    {
        [DocumentKeys.Resources] = documents.ResourcesEntry,
        [DocumentKeys.Inventory] = documents.InventoryEntry,
    };
}
