using System.Runtime.CompilerServices;
using Ha.Core.Stores;

namespace Sample.FolderStore;

/// <summary>A watch that looks again and again, and tells what is different. Between two looks of a slow reader nothing piles up.</summary>
internal static class FolderWatch
{
    public static async IAsyncEnumerable<WatchItem> ReadAsync(
        Func<KvListing> read, WatchOptions options, TimeSpan poll, TimeProvider time, [EnumeratorCancellation] CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var known = read();
        yield return new WatchItem.Snapshot(known);
        var provenAt = time.GetTimestamp();
        while (true)
        {
            await Task.Delay(poll, time, cancel);
            KvListing? now = null;
            WatchItem? stalled = null;
            try
            {
                now = read();
                provenAt = time.GetTimestamp();
            }
            catch (StoreException e) when (e.Error == StoreError.Unavailable)
            {
                if (time.GetElapsedTime(provenAt) is var since && since > options.StaleAfter)
                    stalled = new WatchItem.Stalled(since, e.Message);
            }

            if (stalled is not null)
                yield return stalled;
            if (now is null)
                continue;
            foreach (var change in Changes(known, now))
                yield return change;
            yield return new WatchItem.Current(now.Sequence);
            known = now;
        }
    }

    private static IEnumerable<WatchItem.Changed> Changes(KvListing before, KvListing now)
    {
        if (before.Sequence == now.Sequence)
            yield break;
        var (old, current) = (before.Entries.ToDictionary(e => e.Key), now.Entries.ToDictionary(e => e.Key));
        foreach (var entry in now.Entries.Where(e => old.GetValueOrDefault(e.Key)?.Revision != e.Revision))
            yield return new WatchItem.Changed(entry.Key, entry, now.Sequence);
        foreach (var key in old.Keys.Where(k => !current.ContainsKey(k)))
            yield return new WatchItem.Changed(key, null, now.Sequence);
    }
}
