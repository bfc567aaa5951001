using System.Runtime.CompilerServices;
using Ha.Core.Stores;
using Microsoft.Data.Sqlite;

namespace Ha.Backends.Embedded;

/// <summary>One SQLite file shared by the processes of one machine. Locks come from <see cref="LeaseLockingStore"/>, which wraps it.</summary>
public sealed class SqliteStore : IKeyValueStore
{
    /// <summary>How late a watch may notice a change.</summary>
    public static readonly TimeSpan WatchLatency = TimeSpan.FromMilliseconds(100);

    private readonly SqliteWorker _reader;
    private readonly SqliteWorker _writer;
    private readonly SqliteWatcher _watcher;

    private SqliteStore(SqlitePlace place, TimeProvider time)
    {
        // Two threads: readers need not wait for a writer, and so must not queue behind one that waits.
        _reader = new SqliteWorker(place, time, "sqlite read");
        _writer = new SqliteWorker(place, time, "sqlite write");
        _watcher = new SqliteWatcher(place, time);
        Descriptor = new StoreDescriptor(
            "sqlite",
            place.Options.Path,
            Version(),
            StoreCapabilities.EnforcedGuard | StoreCapabilities.MultiKeyBatch | StoreCapabilities.AtomicListing | StoreCapabilities.LinearizableRead
                | StoreCapabilities.Presence | StoreCapabilities.RevisionSurvivesRecreate,
            new StoreLimits(1 << 20, 4 << 20, 256, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            WatchLatency);
    }

    /// <inheritdoc/>
    public StoreDescriptor Descriptor { get; }

    /// <summary>Opens a store; creates the file, not its folder.</summary>
    /// <param name="options">Where, and how long calls may take.</param>
    /// <param name="time">Counts deadlines.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="StoreException">It cannot be opened, or is not a store of ours: nothing was changed.</exception>
    public static Task<SqliteStore> OpenAsync(SqliteOptions options, TimeProvider time, CancellationToken cancel) =>
        OpenAsync(options, time, BootClock.System, cancel);

    /// <inheritdoc/>
    public Task<KvEntry?> GetAsync(StoreKey key, ReadLevel level, CancellationToken cancel)
    {
        BatchRules.CheckKey(key);
        return _reader.RunAsync((session, _) => session.Get(key), cancel);
    }

    /// <inheritdoc/>
    public Task<KvListing> ListAsync(StoreKey prefix, ReadLevel level, CancellationToken cancel) =>
        _reader.RunAsync((session, _) => session.List(prefix), cancel);

    /// <inheritdoc/>
    public async Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel)
    {
        BatchRules.Check(batch, Descriptor);
        BatchRules.RefuseGuard(batch);
        var outcome = await _writer.RunAsync((session, job) => session.Writer.Commit(batch, job), cancel);
        _watcher.Nudge();
        return outcome;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<WatchItem> WatchAsync(StoreKey prefix, WatchOptions options, [EnumeratorCancellation] CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        cancel.ThrowIfCancellationRequested();
        var subscription = _watcher.Subscribe(prefix, options);
        try
        {
            await foreach (var item in subscription.Buffer.ReadAsync(cancel))
                yield return item;
        }
        finally
        {
            _watcher.Unsubscribe(subscription);
        }
    }

    /// <inheritdoc/>
    public async Task<IPresence> AnnounceAsync(StoreKey key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancel)
    {
        BatchRules.CheckKey(key);
        BatchRules.CheckValue(key, value, Descriptor);
        if (ttl < Descriptor.Limits.MinPresenceTtl || ttl > Descriptor.Limits.MaxPresenceTtl)
            throw new StoreException(StoreError.Unsupported, Applied.No, $"a presence of {ttl.TotalSeconds:0.###} s: this store carries 1 s to 1 h");
        var revision = await _writer.RunAsync((session, job) => session.Writer.Announce(key, value, ttl, job), cancel);
        _watcher.Nudge();
        return new SqlitePresence(_writer, _watcher, key, revision, ttl);
    }

    /// <summary>Ends the threads and closes the file. Open watches fail; announcements end by themselves.</summary>
    public ValueTask DisposeAsync()
    {
        _watcher.Dispose();
        _writer.Dispose();
        _reader.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Version()
    {
        using var unopened = new SqliteConnection();
        return unopened.ServerVersion;
    }

    internal static async Task<SqliteStore> OpenAsync(SqliteOptions options, TimeProvider time, BootClock clock, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        var store = new SqliteStore(new SqlitePlace(options, clock), time);
        try
        {
            // One after the other, so that the file is created, checked and known before a second connection opens it.
            await store._writer.RunAsync((session, _) => session.DataVersion(), cancel);
            await store._reader.RunAsync((session, _) => session.DataVersion(), cancel);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }
}
