using Ha.Core.Model;

namespace Ha.Core.Stores;

/// <summary>Reads and writes the documents that the daemons meet in. A document that has not changed is not parsed again.</summary>
/// <param name="store">The store.</param>
/// <param name="cache">What was parsed before; shared by readers of one store on one thread (the simulator's daemons). Null: a cache of its own.</param>
public sealed class ClusterDocuments(IKeyValueStore store, DocumentCache? cache = null)
{
    private readonly Dictionary<StoreKey, (StoreRevision Revision, object Document)> _parsed = (cache ?? new DocumentCache()).Parsed;

    /// <summary>The manager status; empty if there is none.</summary>
    /// <exception cref="StoreException">No answer.</exception>
    /// <exception cref="DocumentException">It is damaged.</exception>
    public Task<ManagerStatus> ReadManagerStatusAsync(ReadLevel level, CancellationToken cancel) =>
        ReadAsync(DocumentKeys.ManagerStatus, level, ManagerStatusDocument.Parse, ManagerStatus.Empty, cancel);

    /// <summary>A node's LRM status; <see cref="LrmStatus.Missing"/> if it has none.</summary>
    /// <exception cref="StoreException">No answer.</exception>
    /// <exception cref="DocumentException">It is damaged.</exception>
    public Task<LrmStatus> ReadLrmStatusAsync(NodeName node, ReadLevel level, CancellationToken cancel) =>
        ReadAsync(DocumentKeys.LrmStatus(node), level, LrmStatusDocument.Parse, LrmStatus.Missing, cancel);

    /// <summary>Writes the manager status, if the lock is still held.</summary>
    /// <returns>Whether it was written; false: the lock has changed hands, and nothing was written.</returns>
    /// <exception cref="StoreException">No answer; it may have been written.</exception>
    public async Task<bool> TryWriteManagerStatusAsync(ManagerStatus status, LockToken guard, CancellationToken cancel) =>
        await WriteAsync(DocumentKeys.ManagerStatus, ManagerStatusDocument.Write(status), status, guard, cancel) is not KvOutcome.LockLost;

    /// <summary>Writes a node's LRM status.</summary>
    /// <exception cref="StoreException">No answer; it may have been written.</exception>
    public Task WriteLrmStatusAsync(NodeName node, LrmStatus status, CancellationToken cancel) =>
        WriteAsync(DocumentKeys.LrmStatus(node), LrmStatusDocument.Write(status), status, null, cancel);

    private async Task<T> ReadAsync<T>(StoreKey key, ReadLevel level, Func<ReadOnlyMemory<byte>, T> parse, T missing, CancellationToken cancel)
        where T : class
    {
        var entry = await store.GetAsync(key, level, cancel);
        if (entry is null)
            return missing;
        if (_parsed.TryGetValue(key, out var known) && known.Revision == entry.Revision)
            return (T)known.Document;
        var document = parse(entry.Value);
        _parsed[key] = (entry.Revision, document);
        return document;
    }

    private async Task<KvOutcome> WriteAsync(StoreKey key, byte[] text, object document, LockToken? guard, CancellationToken cancel)
    {
        var batch = KvBatch.Empty.Put(key, text);
        var outcome = await store.CommitAsync(guard is null ? batch : batch.GuardedBy(guard), cancel);
        if (outcome is KvOutcome.Committed committed)
            _parsed[key] = (committed.Revisions[key], document);
        return outcome;
    }
}

/// <summary>The last parsed form of each document of one store. Documents are immutable, so readers may share them. Not safe for several threads.</summary>
public sealed class DocumentCache
{
    internal Dictionary<StoreKey, (StoreRevision Revision, object Document)> Parsed { get; } = [];
}
