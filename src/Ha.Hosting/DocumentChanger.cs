using Ha.Core.Stores;

namespace Ha.Hosting;

/// <summary>Documents that were read, and what they are to become.</summary>
/// <param name="Read">Every document the decision rests on: it must be unchanged when the new texts are written.</param>
/// <param name="Write">New texts by key; each key is among those read.</param>
public sealed record DocumentChange(IReadOnlyDictionary<StoreKey, KvEntry?> Read, IReadOnlyDictionary<StoreKey, byte[]> Write);

/// <summary>Changes documents by compare-and-set, all of a change or nothing. A store that applies one write at a time gets them one after another,
/// the resources last: a change that stops halfway then shows nothing yet of what it was about, and can be repeated.</summary>
public static class DocumentChanger
{
    private const int MaxAttempts = 16;

    /// <summary>Reads, decides and writes; again from the start if somebody else was faster.</summary>
    /// <param name="store">The store.</param>
    /// <param name="decide">Reads what it needs and says what to write; its failures pass through. Repeated after a conflict.</param>
    /// <param name="cancel">Ends the wait. Whether it is written is then unknown.</param>
    /// <exception cref="StoreException">Not written, or nobody can tell: see <see cref="StoreException.Applied"/>.</exception>
    public static async Task ApplyAsync(IKeyValueStore store, Func<CancellationToken, Task<DocumentChange>> decide, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(decide);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var change = await decide(cancel);
            if (await TryWritePartsAsync(store, change, cancel))
                return;
        }

        throw new StoreException(StoreError.Unavailable, Applied.No, $"the documents were changed by others {MaxAttempts} times in a row; try again");
    }

    private static async Task<bool> TryWritePartsAsync(IKeyValueStore store, DocumentChange change, CancellationToken cancel)
    {
        if (change.Write.Count < 2 || store.Descriptor.Can(StoreCapabilities.MultiKeyBatch))
            return await TryWriteAsync(store, change, cancel);
        var read = new Dictionary<StoreKey, KvEntry?>(change.Read);
        foreach (var (key, text) in change.Write.OrderBy(w => w.Key == DocumentKeys.Resources).ThenBy(w => w.Key))
        {
            if (!await TryWriteAsync(store, new DocumentChange(read, new Dictionary<StoreKey, byte[]> { [key] = text }), cancel))
                return false;
            read.Remove(key);
        }

        return true;
    }

    private static async Task<bool> TryWriteAsync(IKeyValueStore store, DocumentChange change, CancellationToken cancel)
    {
        var batch = KvBatch.Empty;
        foreach (var (key, entry) in change.Read.OrderBy(r => r.Key))
            batch = batch.RequireUnchanged(key, entry);
        foreach (var (key, text) in change.Write.OrderBy(w => w.Key))
            batch = batch.Put(key, text);
        try
        {
            return await store.CommitAsync(batch, cancel) is KvOutcome.Committed;
        }
        catch (StoreException e) when (e.Applied == Applied.Maybe && !cancel.IsCancellationRequested)
        {
            return await IsWrittenAsync(store, change, cancel) ?? throw new StoreException(
                e.Error, Applied.Maybe, $"{e.Message}: it is unknown whether the change was made; look before you repeat it", e);
        }
    }

    /// <summary>Whether an unanswered write took place; null if somebody has written since and nobody can tell.</summary>
    private static async Task<bool?> IsWrittenAsync(IKeyValueStore store, DocumentChange change, CancellationToken cancel)
    {
        var (unchanged, written) = (true, true);
        foreach (var (key, text) in change.Write)
        {
            var now = await store.GetAsync(key, ReadLevel.Linearizable, cancel);
            unchanged &= now?.Revision == change.Read[key]?.Revision;
            written &= now is not null && now.Value.Span.SequenceEqual(text);
        }

        return unchanged ? false : written ? true : null;
    }
}
