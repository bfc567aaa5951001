using Ha.Core.Stores;

namespace Sample.FolderStore;

/// <summary>All entries at one moment, as one file that is replaced as a whole.</summary>
/// <param name="Sequence">How many commits there were; never falls.</param>
/// <param name="Entries">By key, in ordinal order.</param>
internal sealed record FolderState(ulong Sequence, SortedDictionary<StoreKey, KvEntry> Entries)
{
    /// <summary>Reads the file; no file is the empty state.</summary>
    public static FolderState Read(string path)
    {
        var entries = new SortedDictionary<StoreKey, KvEntry>();
        if (!File.Exists(path))
            return new FolderState(0, entries);
        using var reader = new BinaryReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        var sequence = reader.ReadUInt64();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var key = StoreKey.Of(reader.ReadString());
            var revision = new StoreRevision(0, reader.ReadUInt64());
            entries[key] = new KvEntry(key, reader.ReadBytes(reader.ReadInt32()), revision);
        }

        return new FolderState(sequence, entries);
    }

    /// <summary>Replaces the file in one step: readers see the old state or the new one.</summary>
    public void Write(string path)
    {
        using (var writer = new BinaryWriter(File.Create(path + ".new")))
        {
            writer.Write(Sequence);
            writer.Write(Entries.Count);
            foreach (var (key, entry) in Entries)
            {
                writer.Write(key.Value);
                writer.Write(entry.Revision.Low);
                writer.Write(entry.Value.Length);
                writer.Write(entry.Value.Span);
            }
        }

        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>The state after a batch, or why its conditions do not hold.</summary>
    public (FolderState? Next, KvOutcome Outcome) Apply(KvBatch batch)
    {
        foreach (var (key, revision) in batch.Conditions)
        {
            var current = Entries.GetValueOrDefault(key);
            if (current?.Revision != revision)
                return (null, new KvOutcome.Conflict(key, current));
        }

        // Every commit has a number of its own, which is the revision of what it puts: none is ever used twice, not even for the same bytes.
        var (sequence, entries, revisions) = (Sequence + 1, new SortedDictionary<StoreKey, KvEntry>(Entries), new Dictionary<StoreKey, StoreRevision>());
        foreach (var (key, value) in batch.Writes)
        {
            if (value is not { } bytes)
                entries.Remove(key);
            else
                entries[key] = new KvEntry(key, bytes.ToArray(), revisions[key] = new StoreRevision(0, sequence));
        }

        var committed = new KvOutcome.Committed(sequence, GuardStrength.None, revisions);
        return batch.Writes.IsEmpty ? (null, committed with { Sequence = Sequence }) : (new FolderState(sequence, entries), committed);
    }
}
