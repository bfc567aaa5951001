using Ha.Core.Stores;

namespace Ha.Backends.Embedded;

/// <summary>What changed since the last look. Deleted rows leave no trace in the file: they are found as keys known before and gone now.</summary>
internal sealed class SqliteChanges(SqlitePlace place) : IDisposable
{
    private SqliteSession? _session;
    private HashSet<StoreKey>? _known;
    private long _version;
    private ulong _deletion;
    private long _nextExpiry;

    /// <summary>The place of the last look.</summary>
    public ulong Sequence { get; private set; }

    /// <summary>Looks, and posts snapshots, changes and resyncs.</summary>
    /// <returns>Whether anything was read: then the subscriptions are to be woken.</returns>
    public bool Deliver(PolledWatch[] subscriptions)
    {
        place.CheckFile();
        _session ??= new SqliteSession(place);
        var version = _session.DataVersion();
        var isNews = _known is null || version != _version || place.Clock.Now >= _nextExpiry;
        if (!isNews && Array.TrueForAll(subscriptions, s => s.IsOpen && s.Gap is null))
            return false;
        _session.Database.WaitAtMost(place.Options.Timeout);
        _session.AtOneMoment((sequence, deletion) =>
        {
            Read(subscriptions, sequence, deletion);
            return true;
        });
        _version = version;
        return true;
    }

    /// <summary>Starts anew with the next look.</summary>
    public void Forget()
    {
        _session?.Dispose();
        (_session, _known) = (null, null);
    }

    public void Dispose() => Forget();

    private void Read(PolledWatch[] subscriptions, ulong sequence, ulong deletion)
    {
        if (_known is { } known)
            Tell(subscriptions, known, sequence, mayHaveVanished: deletion != _deletion || place.Clock.Now >= _nextExpiry);
        else
            _known = _session!.KeysNow();
        (Sequence, _deletion, _nextExpiry) = (sequence, deletion, _session!.NextExpiryNow());
        foreach (var subscription in subscriptions)
        {
            if (subscription is { IsOpen: true, Gap: null })
                continue;
            var listing = new KvListing(_session.ListNow(subscription.Prefix), sequence, Atomic: true);
            if (subscription.IsOpen)
                subscription.Buffer.Resync(subscription.Gap!, listing);
            else
                subscription.Buffer.Snapshot(listing);
            (subscription.IsOpen, subscription.Gap) = (true, null);
        }
    }

    private void Tell(PolledWatch[] subscriptions, HashSet<StoreKey> known, ulong sequence, bool mayHaveVanished)
    {
        foreach (var entry in _session!.ChangedNow(Sequence))
        {
            known.Add(entry.Key);
            Tell(subscriptions, entry.Key, entry, entry.Revision.Low);
        }

        if (!mayHaveVanished)
            return;
        var alive = _session.KeysNow();
        foreach (var key in known.Where(k => !alive.Contains(k)).Order().ToList())
        {
            known.Remove(key);
            Tell(subscriptions, key, null, sequence);
        }
    }

    private static void Tell(PolledWatch[] subscriptions, StoreKey key, KvEntry? now, ulong sequence)
    {
        foreach (var subscription in subscriptions)
        {
            if (subscription is { IsOpen: true, Gap: null } && key.IsUnder(subscription.Prefix) && !subscription.Buffer.Changed(key, now, sequence))
                subscription.Gap = "the reader was too slow";
        }
    }
}
