using System.Diagnostics;
using Ha.Core.Stores;

namespace Ha.Backends.Etcd.Tests;

/// <summary>Reads a watch of everything and keeps what it says as a map.</summary>
internal sealed class WatchView : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<StoreKey, StoreRevision> _state = [];
    private readonly List<WatchItem> _items = [];
    private readonly Task _reading;

    public WatchView(IKeyValueStore store) => _reading = Task.Run(() => ReadAsync(store));

    public IReadOnlyList<WatchItem> Items
    {
        get
        {
            lock (_gate)
                return [.. _items];
        }
    }

    public Task BegunAsync() => UntilAsync(v => v.Items.Count > 0, TimeSpan.FromSeconds(20));

    public Task ShowsAsync(KvListing listing, TimeSpan patience) => UntilAsync(v => v.Shows(listing), patience);

    /// <summary>Waits in real time, as what is waited for comes from a real server.</summary>
    public async Task UntilAsync(Func<WatchView, bool> condition, TimeSpan patience)
    {
        for (var started = Stopwatch.GetTimestamp(); !condition(this);)
        {
            if (_reading.IsFaulted)
                await _reading;
            Assert.True(Stopwatch.GetElapsedTime(started) < patience, $"not within {patience}; the last items: {string.Join(", ", Items.TakeLast(5))}");
            await Task.Delay(10);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)_reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private bool Shows(KvListing listing)
    {
        lock (_gate)
            return listing.Entries.Count == _state.Count && listing.Entries.All(e => _state.TryGetValue(e.Key, out var revision) && revision == e.Revision);
    }

    private async Task ReadAsync(IKeyValueStore store)
    {
        await foreach (var item in store.WatchAsync(StoreKey.Root, WatchOptions.Default, _stop.Token))
        {
            lock (_gate)
            {
                _items.Add(item);
                switch (item)
                {
                    case WatchItem.Snapshot { Listing: var listing }:
                        Replace(listing);
                        break;
                    case WatchItem.Resync { Listing: var listing }:
                        Replace(listing);
                        break;
                    case WatchItem.Changed { Now: { } now }:
                        _state[now.Key] = now.Revision;
                        break;
                    case WatchItem.Changed changed:
                        _state.Remove(changed.Key);
                        break;
                }
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
