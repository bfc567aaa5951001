using System.Collections.Immutable;
using Ha.Core.Config;
using Ha.Core.Platform;
using Ha.Core.Stores;

namespace Ha.Hosting;

/// <summary>Changes the legacy groups: under the configuration lock, and by compare-and-set.</summary>
/// <param name="store">The store.</param>
/// <param name="types">The kinds of resources.</param>
/// <param name="gate">The configuration lock.</param>
public sealed class GroupConfiguration(ILockingKvStore store, ResourceTypes types, ConfigurationLock gate)
{
    /// <summary>Adds a group at the end.</summary>
    /// <exception cref="PlatformException">It was not added, or nobody can tell; the message says why.</exception>
    public Task AddAsync(string id, ImmutableSortedDictionary<string, string> values, CancellationToken cancel) =>
        ChangeAsync("create ha group failed", (groups, _) => GroupEditor.Add(groups, id, values), cancel);

    /// <summary>Changes a group.</summary>
    /// <exception cref="PlatformException">It was not changed, or nobody can tell; the message says why.</exception>
    public Task SetAsync(string id, ResourceChange change, CancellationToken cancel) =>
        ChangeAsync("update ha group failed", (groups, _) => GroupEditor.Change(groups, id, change), cancel);

    /// <summary>Removes a group that no resource names; one that does not exist is none as well afterwards.</summary>
    /// <exception cref="PlatformException">It was not removed, or nobody can tell; the message says why.</exception>
    public Task RemoveAsync(string id, CancellationToken cancel) =>
        ChangeAsync("delete ha group failed", (groups, resources) => GroupEditor.Remove(groups, id, resources), cancel);

    private Task ChangeAsync(string operation, Func<SectionDocument, SectionDocument, SectionDocument> edit, CancellationToken cancel) =>
        FailedOperation.ExplainAsync(operation, () => gate.RunAsync(token => DocumentChanger.ApplyAsync(store, again => DecideAsync(edit, again), token), cancel));

    private async Task<DocumentChange> DecideAsync(Func<SectionDocument, SectionDocument, SectionDocument> edit, CancellationToken cancel)
    {
        var groups = await store.GetAsync(DocumentKeys.Groups, ReadLevel.Linearizable, cancel);
        var resources = await ResourceDocuments.ReadAsync(store, types, ReadLevel.Linearizable, cancel);
        var document = SectionReader.Read(DocumentKeys.Groups.Value, groups is null ? default : groups.Value.Span, DocumentSchemas.Groups).Document;
        return new DocumentChange(
            new Dictionary<StoreKey, KvEntry?> { [DocumentKeys.Groups] = groups, [DocumentKeys.Resources] = resources.ResourcesEntry },
            new Dictionary<StoreKey, byte[]> { [DocumentKeys.Groups] = SectionWriter.Write(edit(document, resources.Resources.Document), DocumentSchemas.Groups) });
    }
}
