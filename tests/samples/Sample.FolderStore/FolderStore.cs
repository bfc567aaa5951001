using Ha.Core.Stores;

namespace Sample.FolderStore;

/// <summary>A store in one folder of a file system that all its processes share. It survives the death of any of them.</summary>
/// <param name="folder">The folder; must exist.</param>
/// <param name="time">Timers.</param>
public sealed class FolderStore(string folder, TimeProvider time) : IKeyValueStore
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly string _state = Path.Combine(folder, "state");
    private readonly string _writers = Path.Combine(folder, "writers");
    private ulong _seen;

    /// <inheritdoc/>
    public StoreDescriptor Descriptor { get; } = new(
        "folder",
        folder,
        "1",
        StoreCapabilities.EnforcedGuard | StoreCapabilities.MultiKeyBatch | StoreCapabilities.AtomicListing | StoreCapabilities.LinearizableRead
            | StoreCapabilities.RevisionSurvivesRecreate,
        new StoreLimits(1 << 20, 1 << 20, 64, TimeSpan.Zero, TimeSpan.Zero),
        Poll);

    /// <inheritdoc/>
    public Task<KvEntry?> GetAsync(StoreKey key, ReadLevel level, CancellationToken cancel)
    {
        BatchRules.CheckKey(key);
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult(Read().Entries.GetValueOrDefault(key));
    }

    /// <inheritdoc/>
    public Task<KvListing> ListAsync(StoreKey prefix, ReadLevel level, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult(ListingOf(Read(), prefix));
    }

    /// <inheritdoc/>
    public async Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel)
    {
        BatchRules.Check(batch, Descriptor);
        if (batch.Guard is not null)
            throw new StoreException(StoreError.Unsupported, Applied.No, "a store without locks of its own checks no guard: put a LeaseLockingStore above it");
        using var turn = await TakeTurnAsync(cancel);
        var (next, outcome) = Read().Apply(batch);
        try
        {
            // Nothing can be in doubt: the state is replaced in one step, and nobody else writes meanwhile.
            next?.Write(_state);
            return outcome;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(StoreError.Unavailable, Applied.No, $"'{_state}' cannot be replaced: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<WatchItem> WatchAsync(StoreKey prefix, WatchOptions options, CancellationToken cancel) =>
        FolderWatch.ReadAsync(() => ListingOf(Read(), prefix), options, Poll, time, cancel);

    /// <summary>Refuses: nothing in a folder vanishes by itself when a process dies.</summary>
    public Task<IPresence> AnnounceAsync(StoreKey key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancel) =>
        throw new StoreException(StoreError.Unsupported, Applied.No, "a folder cannot announce presence: choose another store");

    /// <summary>Keeps nothing open.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static KvListing ListingOf(FolderState state, StoreKey prefix) =>
        new([.. state.Entries.Values.Where(e => e.Key.IsUnder(prefix))], state.Sequence, Atomic: true);

    private FolderState Read()
    {
        try
        {
            // What was seen before this read began; another read may be ahead of it meanwhile.
            var seen = Volatile.Read(ref _seen);
            var state = FolderState.Read(_state);
            if (state.Sequence < seen)
                throw new StoreException(StoreError.Regressed, Applied.No, $"'{_state}' went back from commit {seen} to {state.Sequence}: stop all daemons, then find out who restored what");
            while (state.Sequence > seen && Interlocked.CompareExchange(ref _seen, state.Sequence, seen) is var now && now != seen)
                seen = now;
            return state;
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException)
        {
            throw new StoreException(StoreError.Regressed, Applied.No, $"'{_state}' is damaged: stop all daemons, then restore it", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(StoreError.Unavailable, Applied.No, $"'{_state}' cannot be read: {e.Message}", e);
        }
    }

    // The file system lets one process at a time open the file this way, and frees it when that one dies.
    private async Task<FileStream> TakeTurnAsync(CancellationToken cancel)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                return new FileStream(_writers, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (e is not IOException || e is DirectoryNotFoundException || time.GetElapsedTime(start) > Deadline)
                    throw new StoreException(StoreError.Unavailable, Applied.No, $"'{_writers}' was not free within {Deadline.TotalSeconds} s: {e.Message}", e);
            }

            await Task.Delay(BetweenTries, time, cancel);
        }
    }
}
