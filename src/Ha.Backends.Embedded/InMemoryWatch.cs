using System.Runtime.CompilerServices;
using Ha.Core.Model;
using Ha.Core.Stores;

namespace Ha.Backends.Embedded;

/// <summary>One open watch of an in-memory client. Its reader goes on within the writer's call.</summary>
internal sealed class InMemoryWatch
{
    /// <summary>How often currency is proven where the client has timers.</summary>
    public static readonly TimeSpan Pulse = TimeSpan.FromMilliseconds(250);

    private readonly InMemoryStore _store;
    private readonly StoreKey _prefix;
    private readonly TimeSpan _staleAfter;
    private readonly WatchBuffer _buffer;
    private Instant _currentAt;
    private bool _missed;
    private bool _stalled;

    private InMemoryWatch(InMemoryStore store, StoreKey prefix, WatchOptions options)
    {
        (_store, _prefix, _staleAfter) = (store, prefix, options.StaleAfter);
        _buffer = new WatchBuffer(options.BufferedKeys, inlineReader: true);
    }

    public static async IAsyncEnumerable<WatchItem> ReadAsync(
        InMemoryStore store, StoreKey prefix, WatchOptions options, [EnumeratorCancellation] CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (!store.DocumentsReachable())
            throw new StoreException(StoreError.Unavailable, Applied.No, store.DocumentsRefusal);
        var watch = new InMemoryWatch(store, prefix, options);
        watch.Open();
        var timer = store.Time?.CreateTimer(static w => ((InMemoryWatch)w!).Beat(), watch, Pulse, Pulse);
        try
        {
            await foreach (var item in watch._buffer.ReadAsync(cancel))
                yield return item;
        }
        finally
        {
            lock (store.Cluster.Gate)
                store.Cluster.Remove(watch);
            timer?.Dispose();
        }
    }

    public void Wake() => _buffer.Wake();

    /// <summary>Takes a change; called under the cluster's gate.</summary>
    public void Changed(StoreKey key, KvEntry? now)
    {
        if (!key.IsUnder(_prefix))
            return;
        if (!_store.DocumentsReachable())
        {
            _missed = true;
            return;
        }

        var sequence = _store.Cluster.Sequence;
        if (_missed)
            Recover("changes were missed while the store did not answer");
        else if (!_buffer.Changed(key, now, sequence))
            Recover("the reader was too slow");
        MarkCurrent();
    }

    private void Open()
    {
        var cluster = _store.Cluster;
        lock (cluster.Gate)
        {
            _buffer.Snapshot(cluster.List(_prefix, _store.Clock.HolderNow));
            cluster.Add(this);
            MarkCurrent();
        }
    }

    private void Beat()
    {
        lock (_store.Cluster.Gate)
            Prove();
        _store.Cluster.WakeWatches();
    }

    private void Prove()
    {
        var now = _store.Clock.HolderNow;
        if (_store.DocumentsReachable())
        {
            _store.Cluster.Find(_prefix, now); // Announcements that have ended vanish now.
            if (_missed)
                Recover("changes were missed while the store did not answer");
            MarkCurrent();
        }
        else if (!_stalled && now - _currentAt >= _staleAfter)
        {
            _stalled = true;
            _buffer.Stalled(now - _currentAt, _store.DocumentsRefusal);
        }
    }

    private void Recover(string why)
    {
        _missed = false;
        _buffer.Resync(why, _store.Cluster.List(_prefix, _store.Clock.HolderNow));
    }

    private void MarkCurrent()
    {
        _stalled = false;
        _currentAt = _store.Clock.HolderNow;
        _buffer.Current(_store.Cluster.Sequence);
    }
}
