namespace Ha.Core.Stores;

/// <summary>Watches all lock records, so that a contender has witnessed a holder's silence before it asks for the lock.</summary>
internal sealed class LeaseObserver(IKeyValueStore inner, LeaseBook book, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly SortedDictionary<StoreKey, LeaseRecord> _seen = [];

    /// <summary>Observes until cancelled; a watch that breaks is opened again.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        for (var failed = false; !cancel.IsCancellationRequested; failed = true)
        {
            try
            {
                await foreach (var item in inner.WatchAsync(LockKeys.Root, WatchOptions.Default, cancel))
                {
                    failed = false;
                    Observe(item);
                }
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (StoreException e)
            {
                if (!failed)
                    book.Log?.ObservationFailed(e.Message);
            }

            // Cancelling the pause is how observation ends; nothing is lost by not noticing here.
            await Task.Delay(Pause, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Observe(WatchItem item)
    {
        switch (item)
        {
            case WatchItem.Snapshot snapshot:
                Replace(snapshot.Listing);
                break;
            case WatchItem.Resync resync:
                Replace(resync.Listing);
                break;
            case WatchItem.Changed changed:
                Take(changed.Key, changed.Now);
                break;
            case WatchItem.Current:
                foreach (var (name, record) in _seen)
                    book.Witness.Prove(name, record, book.Clock.ObserverNow);
                break;
            case WatchItem.Stalled:
                break;
        }
    }

    private void Replace(KvListing listing)
    {
        _seen.Clear();
        foreach (var entry in listing.Entries)
            Take(entry.Key, entry);
    }

    private void Take(StoreKey key, KvEntry? entry)
    {
        if (!LockKeys.TryParse(key, out var name, out var isOwner))
            return;
        var before = _seen.GetValueOrDefault(name) ?? new LeaseRecord(null, null);
        var record = isOwner ? new LeaseRecord(entry, before.BeatEntry) : new LeaseRecord(before.OwnerEntry, entry);
        _seen[name] = record;
        if (record is { OwnerEntry: not null, BeatEntry: not null })
            book.Witness.See(name, record, book.Clock.ObserverNow, book.Clock.ObserverNow);
    }
}
