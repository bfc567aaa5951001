using Ha.Core.Stores;

namespace Ha.Backends.Pmxcfs;

/// <summary>What changed since the last look. The kernel tells nothing of other nodes' writes (no inotify), so observed files are compared by their
/// counters, others by time and size; only what differs is read.</summary>
internal sealed class PmxcfsChanges(PmxcfsFiles files, PmxcfsDocuments documents, PmxcfsSequence sequence)
{
    private Dictionary<StoreKey, (Mark Mark, KvEntry? Entry)>? _known;
    private PmxcfsVersions? _versions;

    /// <summary>By what a change of a file shows: a counter of one run of the service, or its time and size.</summary>
    private readonly record struct Mark(long A, long B, bool IsCounter);

    /// <summary>The place of the last whole look.</summary>
    public ulong Sequence { get; private set; }

    /// <summary>Whether an observed file has changed since the last whole look.</summary>
    /// <exception cref="StoreException">No answer.</exception>
    /// <exception cref="DocumentException">The list of versions is damaged.</exception>
    public bool HaveMoved() => _versions is null || Versions().Text != _versions.Text;

    /// <summary>Looks at everything, and posts snapshots, changes and resyncs.</summary>
    /// <exception cref="StoreException">No answer.</exception>
    /// <exception cref="DocumentException">The list of versions is damaged.</exception>
    public void Deliver(PolledWatch[] subscriptions)
    {
        files.RequireQuorum();
        var versions = Versions();
        var (before, now) = (_known ?? [], new Dictionary<StoreKey, (Mark Mark, KvEntry? Entry)>());
        Sequence = sequence.Next();
        foreach (var key in documents.Keys(StoreKey.Root))
        {
            if (MarkOf(key, versions) is not { } mark)
                continue;
            var isSame = before.TryGetValue(key, out var old) && old.Mark == mark;
            now[key] = isSame ? old : (mark, documents.Get(key, ReadLevel.Stale));
        }

        (_known, _versions) = (now, versions);
        foreach (var key in before.Keys.Union(now.Keys).Order())
        {
            var (was, entry) = (before.GetValueOrDefault(key).Entry, now.GetValueOrDefault(key).Entry);
            if (was?.Revision != entry?.Revision)
                Tell(subscriptions, key, entry);
        }

        Open(subscriptions);
    }

    /// <summary>Starts anew with the next look.</summary>
    public void Forget() => (_known, _versions) = (null, null);

    private PmxcfsVersions Versions() => PmxcfsVersions.Parse(files.ReadGenerated(".version"));

    // Null: no such file. The counter, or the time, is read before the content: a change in between shows at the next look.
    private Mark? MarkOf(StoreKey key, PmxcfsVersions versions)
    {
        var path = PmxcfsKeys.PathOf(key);
        if (versions.Counters.TryGetValue(path, out var counter))
            return new Mark(versions.StartTime, counter, IsCounter: true);
        return files.Look(path) is { } facts ? new Mark(facts.Seconds, facts.Size, IsCounter: false) : null;
    }

    private void Tell(PolledWatch[] subscriptions, StoreKey key, KvEntry? now)
    {
        foreach (var subscription in subscriptions)
        {
            if (subscription is { IsOpen: true, Gap: null } && key.IsUnder(subscription.Prefix) && !subscription.Buffer.Changed(key, now, Sequence))
                subscription.Gap = "the reader was too slow";
        }
    }

    private void Open(PolledWatch[] subscriptions)
    {
        foreach (var subscription in subscriptions)
        {
            if (subscription is { IsOpen: true, Gap: null })
                continue;
            var entries = _known!.Values.Select(k => k.Entry).OfType<KvEntry>().Where(e => e.Key.IsUnder(subscription.Prefix)).OrderBy(e => e.Key);
            var listing = new KvListing([.. entries], Sequence, Atomic: false);
            if (subscription.IsOpen)
                subscription.Buffer.Resync(subscription.Gap!, listing);
            else
                subscription.Buffer.Snapshot(listing);
            (subscription.IsOpen, subscription.Gap) = (true, null);
        }
    }
}
