using System.Diagnostics;
using Ha.Core.Stores;
using Xunit;

namespace Ha.Conformance;

/// <summary>Reads a watch in the background, keeps what it says as a map, and checks each item against the contract.</summary>
public sealed class WatchProbe : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _news = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly StoreCluster _cluster;
    private readonly TimeSpan _patience;
    private readonly StoreKey _prefix;
    private readonly Dictionary<StoreKey, KvEntry> _state = [];
    private readonly Dictionary<StoreKey, ulong> _sequences = [];
    private readonly List<WatchItem> _items = [];
    private readonly Task _pump;
    private Exception? _failure;

    private WatchProbe(StoreCluster cluster, StoreClient client, StoreKey prefix, WatchOptions options, TimeSpan patience)
    {
        (_cluster, _prefix, _patience) = (cluster, prefix, patience);
        _pump = Task.Run(() => PumpAsync(client.Store.WatchAsync(prefix, options, _stop.Token)));
    }

    /// <summary>All items so far.</summary>
    public IReadOnlyList<WatchItem> Items
    {
        get
        {
            lock (_gate)
                return [.. _items];
        }
    }

    /// <summary>Begins to watch.</summary>
    public static WatchProbe Start(StoreCluster cluster, StoreClient client, StoreKey prefix, WatchOptions options, TimeSpan patience)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(client);
        return new WatchProbe(cluster, client, prefix, options, patience);
    }

    /// <summary>The revision the watch has last told of a key; null: absent.</summary>
    public StoreRevision? RevisionOf(StoreKey key)
    {
        lock (_gate)
            return _state.TryGetValue(key, out var entry) ? entry.Revision : null;
    }

    /// <summary>Waits until the watch has delivered its snapshot.</summary>
    public Task UntilBegunAsync() => UntilAsync(() => Items.Count > 0, "its snapshot");

    /// <summary>Waits until the watch has told exactly what a listing says.</summary>
    public Task UntilShowsAsync(KvListing listing)
    {
        ArgumentNullException.ThrowIfNull(listing);
        var wanted = listing.Entries.ToDictionary(e => e.Key, e => e.Revision);
        return UntilAsync(() => Shows(wanted), "the state that the store lists");
    }

    /// <summary>Waits until something holds of the watch.</summary>
    /// <param name="condition">What must come true.</param>
    /// <param name="what">In words, for the failure.</param>
    public async Task UntilAsync(Func<bool> condition, string what)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            lock (_gate)
            {
                if (_failure is not null)
                    throw new InvalidOperationException($"the watch failed while waiting for {what}: {_failure.Message}", _failure);
            }

            if (condition())
                return;
            Assert.True(Stopwatch.GetElapsedTime(started) < _patience, $"the watch of '{_prefix}' did not show {what} within {_patience}");

            // The reader runs on the thread pool, so this waits for it in real time, but no longer than for its next item.
            if (!await _news.WaitAsync(TimeSpan.FromMilliseconds(5)))
                _cluster.WatchTurn();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _pump.WaitAsync(_patience);
        _stop.Dispose();
        _news.Dispose();
    }

    private bool Shows(Dictionary<StoreKey, StoreRevision> wanted)
    {
        lock (_gate)
            return wanted.Count == _state.Count && wanted.All(w => _state.TryGetValue(w.Key, out var entry) && entry.Revision == w.Value);
    }

    private async Task PumpAsync(IAsyncEnumerable<WatchItem> items)
    {
        try
        {
            await foreach (var item in items)
                Take(item);
            if (!_stop.IsCancellationRequested)
                Fail(new InvalidOperationException("the stream ended though nobody cancelled it"));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Both ways to end a cancelled stream are right.
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    private void Fail(Exception e)
    {
        lock (_gate)
            _failure ??= e;
        _news.Release();
    }

    private void Take(WatchItem item)
    {
        lock (_gate)
        {
            if (item is WatchItem.Snapshot != (_items.Count == 0))
                _failure ??= new InvalidOperationException($"item {_items.Count + 1} is a {item.GetType().Name}: the snapshot comes first, and once");
            _items.Add(item);
            switch (item)
            {
                case WatchItem.Snapshot snapshot:
                    Replace(snapshot.Listing);
                    break;
                case WatchItem.Resync resync:
                    Replace(resync.Listing);
                    break;
                case WatchItem.Changed changed:
                    Change(changed);
                    break;
            }
        }

        _news.Release();
    }

    private void Replace(KvListing listing)
    {
        _state.Clear();
        foreach (var entry in listing.Entries)
        {
            CheckPrefix(entry.Key);
            _state[entry.Key] = entry;
        }
    }

    private void Change(WatchItem.Changed changed)
    {
        CheckPrefix(changed.Key);
        if (_sequences.TryGetValue(changed.Key, out var last) && changed.Sequence <= last)
            _failure ??= new InvalidOperationException($"{changed.Key} went from sequence {last} to {changed.Sequence}");
        _sequences[changed.Key] = changed.Sequence;
        if (changed.Now is { } entry)
            _state[changed.Key] = entry;
        else
            _state.Remove(changed.Key);
    }

    private void CheckPrefix(StoreKey key)
    {
        if (!key.IsUnder(_prefix))
            _failure ??= new InvalidOperationException($"{key} is not under the watched prefix '{_prefix}'");
    }
}
