using Ha.Core.Model;
using Ha.Core.Stores;

namespace Ha.Backends.Pmxcfs;

/// <summary>Keys and values over files. Each call runs on one of the store's threads.</summary>
internal sealed class PmxcfsDocuments(PmxcfsFiles files, PmxcfsSequence sequence)
{
    public KvEntry? Get(StoreKey key, ReadLevel level)
    {
        var content = files.Read(PmxcfsKeys.PathOf(key));
        if (level == ReadLevel.Linearizable)
            files.RequireQuorum();
        return content is { } found ? EntryOf(key, found) : null;
    }

    public KvListing List(StoreKey prefix, ReadLevel level)
    {
        var place = sequence.Next(); // Not later than the first file is read.
        var entries = new List<KvEntry>();
        foreach (var key in Keys(prefix))
        {
            if (files.Read(PmxcfsKeys.PathOf(key)) is { } content)
                entries.Add(EntryOf(key, content));
        }

        if (level == ReadLevel.Linearizable)
            files.RequireQuorum();
        return new KvListing(entries, place, Atomic: false);
    }

    /// <summary>The keys under a prefix that may have a file, in ordinal order.</summary>
    public IEnumerable<StoreKey> Keys(StoreKey prefix)
    {
        var keys = new SortedSet<StoreKey>(PmxcfsKeys.Known.Where(k => k.IsUnder(prefix)));
        if (DocumentKeys.Nodes.IsUnder(prefix) || prefix.IsUnder(DocumentKeys.Nodes))
        {
            foreach (var name in files.List("nodes"))
            {
                if (NodeName.TryParse(name, out var node) && PmxcfsKeys.LrmStatusOf(node) is var status && status.IsUnder(prefix))
                    keys.Add(status);
            }
        }

        foreach (var name in files.List(PmxcfsKeys.OwnFolder))
        {
            if (PmxcfsKeys.TryParseOwn(name, out var key) && key.IsUnder(prefix))
                keys.Add(key);
        }

        return keys;
    }

    /// <summary>The first condition that does not hold; null if all do.</summary>
    public KvOutcome.Conflict? Conflict(KvBatch batch)
    {
        foreach (var condition in batch.Conditions)
        {
            var now = files.Read(PmxcfsKeys.PathOf(condition.Key));
            if (now?.Revision != condition.Revision)
                return new KvOutcome.Conflict(condition.Key, now is { } content ? EntryOf(condition.Key, content) : null);
        }

        return null;
    }

    /// <summary>Carries out one write.</summary>
    /// <returns>The new revision; null for a deletion.</returns>
    public StoreRevision? Write(KvWrite write, PmxcfsJob job)
    {
        var path = PmxcfsKeys.PathOf(write.Key);
        if (write.Value is not { } value)
        {
            files.Remove(path, job);
            return null;
        }

        if (path.StartsWith(PmxcfsKeys.OwnFolder, StringComparison.Ordinal))
            files.MakeFolder(PmxcfsKeys.OwnFolder);
        return files.Replace(path, value.Span, files.Look(path)?.Seconds, job).Revision;
    }

    private static KvEntry EntryOf(StoreKey key, PmxcfsFiles.Content content) => new(key, content.Bytes, content.Revision);
}
