using Ha.Core.Stores;

namespace Ha.Backends.Embedded;

/// <summary>An announcement in a SQLite store, known by the revision it was written with.</summary>
internal sealed class SqlitePresence(SqliteWorker writer, SqliteWatcher watcher, StoreKey key, StoreRevision revision, TimeSpan ttl) : IPresence
{
    /// <inheritdoc/>
    public async Task RefreshAsync(CancellationToken cancel)
    {
        if (!await writer.RunAsync((session, job) => session.Writer.Refresh(key, revision, ttl, job), cancel))
            throw new StoreException(StoreError.PresenceLost, Applied.No, $"the announcement '{key}' has ended or was taken over: announce again");
    }

    /// <summary>Withdraws the announcement; if the store does not answer, it ends by itself.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await writer.RunAsync((session, job) => session.Writer.Withdraw(key, revision, job), CancellationToken.None);
            watcher.Nudge();
        }
        catch (StoreException)
        {
            // It ends after its TTL all the same.
        }
    }
}
