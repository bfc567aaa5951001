using System.Runtime.CompilerServices;
using Ha.Core.Stores;

namespace Ha.Testing;

/// <summary>A store behind a connection that a test can disturb. Disposing it disposes the store.</summary>
/// <param name="inner">The store.</param>
/// <param name="faults">What goes wrong.</param>
/// <param name="time">Counts how long a watch has been without its store.</param>
public class FaultyStore(IKeyValueStore inner, StoreFaults faults, TimeProvider time) : IKeyValueStore
{
    /// <inheritdoc/>
    public StoreDescriptor Descriptor => inner.Descriptor;

    /// <summary>What goes wrong.</summary>
    protected StoreFaults Faults => faults;

    /// <inheritdoc/>
    public Task<KvEntry?> GetAsync(StoreKey key, ReadLevel level, CancellationToken cancel) =>
        faults.ReadAsync($"get {key}", c => inner.GetAsync(key, level, c), cancel);

    /// <inheritdoc/>
    public Task<KvListing> ListAsync(StoreKey prefix, ReadLevel level, CancellationToken cancel) =>
        faults.ReadAsync($"list {prefix}", c => inner.ListAsync(prefix, level, c), cancel);

    /// <inheritdoc/>
    public virtual Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel) =>
        faults.WriteAsync("commit", c => inner.CommitAsync(batch, c), cancel);

    /// <inheritdoc/>
    public async Task<IPresence> AnnounceAsync(StoreKey key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancel) =>
        new FaultyPresence(await faults.WriteAsync($"announce {key}", c => inner.AnnounceAsync(key, value, ttl, c), cancel), faults);

    /// <inheritdoc/>
    public async IAsyncEnumerable<WatchItem> WatchAsync(StoreKey prefix, WatchOptions options, [EnumeratorCancellation] CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        var lostAt = time.GetTimestamp();
        var begun = false;
        while (true)
        {
            while (!await WaitReachableAsync(options.StaleAfter, cancel))
                yield return new WatchItem.Stalled(time.GetElapsedTime(lostAt), "the store cannot be reached");
            using var connection = faults.Connect(cancel);
            await using var items = inner.WatchAsync(prefix, options, connection.End).GetAsyncEnumerator(connection.End);
            while (await NextAsync(items, connection, cancel) is { } item)
            {
                yield return item is WatchItem.Snapshot snapshot && begun ? new WatchItem.Resync("the connection was lost", snapshot.Listing) : item;
                begun = true;
            }

            lostAt = time.GetTimestamp();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return inner.DisposeAsync();
    }

    // Null: the connection was cut. An end that nobody asked for is the store's own fault, and is passed on as such.
    private static async Task<WatchItem?> NextAsync(IAsyncEnumerator<WatchItem> items, StoreFaults.WatchConnection connection, CancellationToken cancel)
    {
        try
        {
            if (await items.MoveNextAsync())
                return connection.IsCut ? null : items.Current;
            cancel.ThrowIfCancellationRequested();
            return connection.IsCut ? null : throw new InvalidOperationException("the watch ended though nobody cancelled it");
        }
        catch (OperationCanceledException) when (connection.IsCut && !cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<bool> WaitReachableAsync(TimeSpan patience, CancellationToken cancel)
    {
        try
        {
            await faults.Reachable.WaitAsync(patience, time, cancel);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private sealed class FaultyPresence(IPresence inner, StoreFaults faults) : IPresence
    {
        public Task RefreshAsync(CancellationToken cancel) => faults.WriteAsync(
            "refresh a presence",
            async c =>
            {
                await inner.RefreshAsync(c);
                return true;
            },
            cancel);

        // A client that is cut off can withdraw nothing: the announcement has to run out.
        public ValueTask DisposeAsync() => faults.Unreachable ? ValueTask.CompletedTask : inner.DisposeAsync();
    }
}
