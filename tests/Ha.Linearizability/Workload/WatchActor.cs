using Ha.Core.Stores;
using Ha.Linearizability.Rules;

namespace Ha.Linearizability.Workload;

/// <summary>One watch, and what it delivers.</summary>
internal sealed class WatchActor(string name, WorkloadClient client, StoreKey prefix, Recorder recorder)
{
    private static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly List<(TimeSpan At, WatchItem Item)> _items = [];
    private readonly SortedDictionary<StoreKey, StoreRevision> _state = [];
    private string? _ended;

    /// <summary>What it has delivered.</summary>
    public WatchRecord Record
    {
        get
        {
            lock (_gate)
                return new WatchRecord(name, [.. _items], _ended);
        }
    }

    /// <summary>Reads the watch until cancelled.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        try
        {
            await foreach (var item in client.Store.WatchAsync(prefix, new WatchOptions(StaleAfter), end))
                Take(item);
            if (!end.IsCancellationRequested)
                _ended = "nobody cancelled it";
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The end of the run.
        }
        catch (StoreException e)
        {
            _ended = e.Message;
        }
    }

    /// <summary>Whether it shows what a listing holds.</summary>
    public bool Shows(KvListing listing)
    {
        lock (_gate)
            return listing.Entries.Select(e => (e.Key, e.Revision)).SequenceEqual(_state.Select(s => (s.Key, s.Value)));
    }

    private void Take(WatchItem item)
    {
        lock (_gate)
        {
            _items.Add((recorder.Clock.Elapsed, item));
            switch (item)
            {
                case WatchItem.Snapshot snapshot:
                    Replace(snapshot.Listing);
                    break;
                case WatchItem.Resync resync:
                    Replace(resync.Listing);
                    break;
                case WatchItem.Changed { Now: null } changed:
                    _state.Remove(changed.Key);
                    break;
                case WatchItem.Changed { Now: { } now } changed:
                    _state[changed.Key] = now.Revision;
                    break;
            }
        }
    }

    private void Replace(KvListing listing)
    {
        _state.Clear();
        foreach (var entry in listing.Entries)
            _state[entry.Key] = entry.Revision;
    }
}
