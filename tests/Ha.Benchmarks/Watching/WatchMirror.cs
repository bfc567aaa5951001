using System.Diagnostics;
using Ha.Core.Stores;

namespace Ha.Benchmarks.Watching;

/// <summary>Follows a watch and shows what it has told.</summary>
internal sealed class WatchMirror : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<StoreKey, KvEntry> _shown = [];
    private readonly Dictionary<StoreKey, (byte[] Value, TaskCompletionSource<long> Seen)> _awaited = [];
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _following;

    private WatchMirror(ILockingKvStore store, StoreKey prefix) => _following = FollowAsync(store, prefix);

    /// <summary>Begins, and returns when the watch has told its snapshot.</summary>
    public static async Task<WatchMirror> StartAsync(ILockingKvStore store, StoreKey prefix)
    {
        var mirror = new WatchMirror(store, prefix);
        await (await Task.WhenAny(mirror._started.Task, mirror._following));
        return mirror;
    }

    /// <summary>The <see cref="Stopwatch"/>'s time stamp when a key is told with a value. One at a time for each key.</summary>
    public Task<long> SeenAsync(StoreKey key, byte[] value)
    {
        var seen = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
            _awaited[key] = (value, seen);
        return seen.Task;
    }

    /// <summary>Whether it comes to show exactly these entries.</summary>
    public async Task<bool> ShowsAsync(IReadOnlyList<KvEntry> wanted, TimeSpan patience)
    {
        var since = Stopwatch.GetTimestamp();
        while (!Shows(wanted))
        {
            if (_following.IsCompleted)
                await _following;
            if (Stopwatch.GetElapsedTime(since) > patience)
                return false;
            await Task.Delay(Look);
        }

        return true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        try
        {
            await _following;
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }

        _end.Dispose();
    }

    private bool Shows(IReadOnlyList<KvEntry> wanted)
    {
        lock (_gate)
            return _shown.Count == wanted.Count && wanted.All(w => _shown.TryGetValue(w.Key, out var entry) && entry.Revision == w.Revision);
    }

    private async Task FollowAsync(ILockingKvStore store, StoreKey prefix)
    {
        await foreach (var item in store.WatchAsync(prefix, WatchOptions.Default, _end.Token))
        {
            var now = Stopwatch.GetTimestamp();
            lock (_gate)
                Take(item, now);
            _started.TrySetResult();
        }
    }

    private void Take(WatchItem item, long now)
    {
        var listing = item is WatchItem.Snapshot snapshot ? snapshot.Listing : (item as WatchItem.Resync)?.Listing;
        if (listing is not null)
        {
            _shown.Clear();
            foreach (var entry in listing.Entries)
                Show(entry, now);
        }
        else if (item is WatchItem.Changed { Now: { } entry })
        {
            Show(entry, now);
        }
        else if (item is WatchItem.Changed gone)
        {
            _shown.Remove(gone.Key);
        }
    }

    private void Show(KvEntry entry, long now)
    {
        _shown[entry.Key] = entry;
        if (_awaited.TryGetValue(entry.Key, out var awaited) && entry.Value.Span.SequenceEqual(awaited.Value))
            awaited.Seen.TrySetResult(now);
    }
}
