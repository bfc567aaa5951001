using Ha.Core.Stores;

namespace Ha.Backends.Embedded;

/// <summary>An announcement of an in-memory client.</summary>
internal sealed class InMemoryPresence(InMemoryStore store, StoreKey key, ulong id, TimeSpan ttl) : IPresence
{
    /// <inheritdoc/>
    public Task RefreshAsync(CancellationToken cancel)
    {
        if (InMemoryStore.Refusal<bool>(store.DocumentsReachable, store.DocumentsRefusal, cancel) is { } refusal)
            return refusal;
        bool prolonged;
        lock (store.Cluster.Gate)
            prolonged = store.Cluster.Prolong(key, id, store.Clock.HolderNow + ttl, store.Clock.HolderNow);
        if (!prolonged)
            store.Cluster.WakeWatches();
        return prolonged
            ? Task.CompletedTask
            : Task.FromException(new StoreException(StoreError.PresenceLost, Applied.No, $"the announcement '{key}' has ended or was taken over: announce again"));
    }

    /// <summary>Withdraws the announcement; while the store does not answer it ends by itself.</summary>
    public ValueTask DisposeAsync()
    {
        if (store.DocumentsReachable())
        {
            lock (store.Cluster.Gate)
                store.Cluster.Withdraw(key, id);
            store.Cluster.WakeWatches();
        }

        return ValueTask.CompletedTask;
    }
}
