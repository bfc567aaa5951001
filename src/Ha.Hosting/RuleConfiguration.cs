using System.Collections.Immutable;
using Ha.Core.Config;
using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Rules;
using Ha.Core.Stores;

namespace Ha.Hosting;

/// <summary>Changes the placement rules: under the configuration lock, and by compare-and-set.</summary>
/// <param name="store">The store.</param>
/// <param name="types">The kinds of resources.</param>
/// <param name="gate">The configuration lock.</param>
public sealed class RuleConfiguration(ILockingKvStore store, ResourceTypes types, ConfigurationLock gate)
{
    /// <summary>Adds a rule at the end.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="id">Its id.</param>
    /// <param name="values">Its properties; the comment as plain text.</param>
    /// <param name="members">Nodes that a rule may name.</param>
    /// <param name="nodeCount">How many nodes the manager counts with.</param>
    /// <param name="cancel">Ends the wait; whether it was added is then unknown.</param>
    /// <exception cref="PlatformException">It was not added, or nobody can tell; the message says why.</exception>
    public Task AddAsync(
        string type, string id, ImmutableSortedDictionary<string, string> values, IReadOnlyCollection<NodeName> members, int nodeCount, CancellationToken cancel) =>
        ChangeAsync("create ha rule failed", members, nodeCount, (rules, context) => RuleEditor.Add(rules, type, id, values, context), cancel);

    /// <summary>Changes a rule.</summary>
    /// <param name="type">The type it must have.</param>
    /// <param name="id">Its id.</param>
    /// <param name="change">What to change; the comment as plain text.</param>
    /// <param name="members">Nodes that a rule may name.</param>
    /// <param name="nodeCount">How many nodes the manager counts with.</param>
    /// <param name="cancel">Ends the wait; whether it was changed is then unknown.</param>
    /// <exception cref="PlatformException">It was not changed, or nobody can tell; the message says why.</exception>
    public Task SetAsync(string type, string id, ResourceChange change, IReadOnlyCollection<NodeName> members, int nodeCount, CancellationToken cancel) =>
        ChangeAsync("update HA rules failed", members, nodeCount, (rules, context) => RuleEditor.Change(rules, type, id, change, context), cancel);

    /// <summary>Removes a rule; one that does not exist is none as well afterwards.</summary>
    /// <exception cref="PlatformException">It was not removed, or nobody can tell; the message says why.</exception>
    public Task RemoveAsync(string id, CancellationToken cancel) =>
        ChangeAsync("delete ha rule failed", [], 0, (rules, _) => rules.Without(id), cancel);

    private Task ChangeAsync(
        string operation, IReadOnlyCollection<NodeName> members, int nodeCount, Func<SectionDocument, RuleContext, SectionDocument> edit, CancellationToken cancel) =>
        FailedOperation.ExplainAsync(operation, () => gate.RunAsync(token => DocumentChanger.ApplyAsync(
            store, again => DecideAsync(members, nodeCount, edit, again), token), cancel));

    private async Task<DocumentChange> DecideAsync(
        IReadOnlyCollection<NodeName> members, int nodeCount, Func<SectionDocument, RuleContext, SectionDocument> edit, CancellationToken cancel)
    {
        var rules = await store.GetAsync(DocumentKeys.Rules, ReadLevel.Linearizable, cancel);
        var groups = await store.GetAsync(DocumentKeys.Groups, ReadLevel.Linearizable, cancel);
        var resources = await ResourceDocuments.ReadAsync(store, types, ReadLevel.Linearizable, cancel);
        var context = new RuleContext(resources.Effective, Read(DocumentKeys.Groups, groups, DocumentSchemas.Groups), members, nodeCount);
        var after = edit(Read(DocumentKeys.Rules, rules, DocumentSchemas.Rules), context);
        return new DocumentChange(
            new Dictionary<StoreKey, KvEntry?>
            {
                [DocumentKeys.Rules] = rules,
                [DocumentKeys.Groups] = groups,
                [DocumentKeys.Resources] = resources.ResourcesEntry,
            },
            new Dictionary<StoreKey, byte[]> { [DocumentKeys.Rules] = SectionWriter.Write(after, DocumentSchemas.Rules) });
    }

    private static SectionDocument Read(StoreKey key, KvEntry? entry, SectionSchema schema) =>
        SectionReader.Read(key.Value, entry is null ? default : entry.Value.Span, schema).Document;
}
