using System.Runtime.CompilerServices;

namespace Ha.Core.Stores;

/// <summary>Between a store that produces watch items and one reader: merges changes per key, so that a slow reader costs bounded memory.</summary>
/// <remarks>Producers post under their own order and then call <see cref="Wake"/>, outside of their locks. One reader.</remarks>
/// <param name="bufferedKeys">How many changed keys may wait.</param>
/// <param name="inlineReader">Whether the reader goes on within <see cref="Wake"/>, on the producer's thread: deterministic, for virtual time.</param>
public sealed class WatchBuffer(int bufferedKeys, bool inlineReader = false)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<StoreKey, LinkedListNode<WatchItem.Changed>> _byKey = [];
    private readonly LinkedList<WatchItem.Changed> _changes = [];
    private WatchItem? _whole;
    private WatchItem? _currency;
    private Exception? _failure;
    private TaskCompletionSource? _waiting;

    /// <summary>Posts the first item.</summary>
    public void Snapshot(KvListing listing)
    {
        lock (_gate)
            Replace(new WatchItem.Snapshot(listing));
    }

    /// <summary>Posts a change; it replaces a waiting one of the same key.</summary>
    /// <returns>False if too many keys are waiting: all waiting changes are dropped, and the producer must post a <see cref="Resync"/> at once.</returns>
    public bool Changed(StoreKey key, KvEntry? now, ulong sequence)
    {
        lock (_gate)
        {
            if (_byKey.Remove(key, out var merged))
                _changes.Remove(merged);
            if (_changes.Count >= bufferedKeys)
            {
                Clear();
                return false;
            }

            _byKey[key] = _changes.AddLast(new WatchItem.Changed(key, now, sequence));
            return true;
        }
    }

    /// <summary>Posts that everything so far is the store's state.</summary>
    public void Current(ulong sequence)
    {
        lock (_gate)
            _currency = new WatchItem.Current(sequence);
    }

    /// <summary>Posts that currency is not proven.</summary>
    public void Stalled(TimeSpan since, string why)
    {
        lock (_gate)
            _currency = new WatchItem.Stalled(since, why);
    }

    /// <summary>Posts a whole new state, which replaces everything waiting. An unread snapshot stays a snapshot.</summary>
    public void Resync(string why, KvListing listing)
    {
        lock (_gate)
            Replace(_whole is WatchItem.Snapshot ? new WatchItem.Snapshot(listing) : new WatchItem.Resync(why, listing));
    }

    /// <summary>Ends the stream with an exception, after what is waiting.</summary>
    public void Fail(Exception failure)
    {
        lock (_gate)
            _failure ??= failure;
    }

    /// <summary>Lets the reader look.</summary>
    public void Wake()
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            if (_whole is null && _changes.Count == 0 && _currency is null && _failure is null)
                return;
            (waiting, _waiting) = (_waiting, null);
        }

        waiting?.TrySetResult();
    }

    /// <summary>Reads the items. Ends by cancellation or by what <see cref="Fail"/> was given.</summary>
    public async IAsyncEnumerable<WatchItem> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        using var registration = cancel.UnsafeRegister(static (buffer, _) => ((WatchBuffer)buffer!).Interrupt(), this);
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            if (Take(cancel, out var wait) is { } item)
                yield return item;
            else
                await wait;
        }
    }

    private WatchItem? Take(CancellationToken cancel, out Task wait)
    {
        lock (_gate)
        {
            wait = Task.CompletedTask;
            if (_whole is { } whole)
            {
                _whole = null;
                return whole;
            }

            if (_changes.First is { Value: var change })
            {
                _changes.RemoveFirst();
                _byKey.Remove(change.Key);
                return change;
            }

            if (_currency is { } currency)
            {
                _currency = null;
                return currency;
            }

            if (_failure is { } failure)
                throw failure;
            if (!cancel.IsCancellationRequested)
                wait = (_waiting ??= new TaskCompletionSource(inlineReader ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            return null;
        }
    }

    private void Interrupt()
    {
        TaskCompletionSource? waiting;
        lock (_gate)
            (waiting, _waiting) = (_waiting, null);
        waiting?.TrySetResult();
    }

    private void Replace(WatchItem whole)
    {
        Clear();
        _whole = whole;
    }

    private void Clear()
    {
        _changes.Clear();
        _byKey.Clear();
        _currency = null;
    }
}
