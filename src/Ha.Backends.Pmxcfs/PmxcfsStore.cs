using System.Runtime.CompilerServices;
using Ha.Core.Model;
using Ha.Core.Stores;

namespace Ha.Backends.Pmxcfs;

/// <summary>The cluster file system of Proxmox VE as a store: documents at the paths and in the form that its own software knows, and its own locks.</summary>
/// <remarks>Not linearizable: reads are answered from this node's copy, which may be some milliseconds behind. Whoever takes a lock sees all that was
/// written before it was free. Guards are checked by the client (<see cref="GuardStrength.Advisory"/>).</remarks>
public sealed class PmxcfsStore : ILockingKvStore, IClusterMembers
{
    private const int MaxOperations = 128;

    private readonly PmxcfsFiles _files;
    private readonly PmxcfsDocuments _documents;
    private readonly PmxcfsLocks _locks;
    private readonly PmxcfsCommits _commits;
    private readonly PmxcfsWatcher _watcher;
    private readonly PmxcfsThread _reader;
    private readonly PmxcfsThread _writer;

    private PmxcfsStore(PmxcfsOptions options, StoreContext context)
    {
        var sequence = new PmxcfsSequence(context.Time);
        _files = new PmxcfsFiles(options, $"{Environment.ProcessId}.{context.Incarnation:N}");
        _documents = new PmxcfsDocuments(_files, sequence);
        _locks = new PmxcfsLocks(options, _files, context);
        _commits = new PmxcfsCommits(options, _files, _documents, _locks, sequence);
        _reader = new PmxcfsThread(options, context.Time, "pmxcfs read");
        _writer = new PmxcfsThread(options, context.Time, "pmxcfs write");
        _watcher = new PmxcfsWatcher(options, new PmxcfsChanges(_files, _documents, sequence), context.Time);
        Clock = context.Clock;
        Descriptor = new StoreDescriptor(
            "pmxcfs",
            options.Root,
            "mounted",
            StoreCapabilities.Membership | StoreCapabilities.ReadsFollowLocks,
            new StoreLimits(PmxcfsFiles.MaxFileBytes, PmxcfsFiles.MaxFileBytes + StoreKey.MaxLength, MaxOperations, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            options.Poll * PmxcfsWatcher.LooksPerWholeLook);
    }

    /// <inheritdoc/>
    public StoreDescriptor Descriptor { get; }

    /// <inheritdoc/>
    public IStoreClock Clock { get; }

    /// <summary>Opens a mounted cluster file system.</summary>
    /// <param name="options">Where, and how long calls may take.</param>
    /// <param name="context">What the process supplies.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="StoreException">It is not mounted, or does not answer.</exception>
    public static async Task<PmxcfsStore> OpenAsync(PmxcfsOptions options, StoreContext context, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        if (!OperatingSystem.IsLinux())
            throw new StoreException(StoreError.Unsupported, Applied.No, "the cluster file system of Proxmox VE exists on Linux only");
        var store = new PmxcfsStore(options, context);
        try
        {
            await store._reader.RunAsync(_ => store._files.IsMounted ? true : throw PmxcfsErrors.NotMounted(options.Root), cancel);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<KvEntry?> GetAsync(StoreKey key, ReadLevel level, CancellationToken cancel)
    {
        BatchRules.CheckKey(key);
        return _reader.RunAsync(_ => _documents.Get(key, level), cancel);
    }

    /// <inheritdoc/>
    public Task<KvListing> ListAsync(StoreKey prefix, ReadLevel level, CancellationToken cancel) =>
        _reader.RunAsync(_ => _documents.List(prefix, level), cancel);

    /// <inheritdoc/>
    public async Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel)
    {
        BatchRules.Check(batch, Descriptor);
        if (batch.Renews is not { } renews)
            return await WriteAsync(batch, cancel);
        var handle = renews is PmxcfsLockHandle own && own.IsOf(_locks)
            ? own
            : throw new ArgumentException($"the handle of '{renews.Token.Name}' comes from another store", nameof(batch));
        if (handle.Loss is { } loss)
            return new KvOutcome.LockLost(loss);

        // Two messages, and the write first: a batch that is refused renews nothing. If the renewal then gets no answer, the validity has not moved.
        var sentAt = Clock.HolderNow;
        var outcome = await WriteAsync(batch, cancel);
        if (outcome is not KvOutcome.Committed)
            return outcome;
        try
        {
            if (await _locks.RenewAsync(handle, cancel) is null)
                handle.Renewed(sentAt);
        }
        catch (StoreException)
        {
            // What was written is written. Whether the lock goes on being held, the handle tells.
        }

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

    /// <summary>Not supported: the cluster itself knows who is online, see <see cref="ReadMembersAsync"/>.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.Unsupported"/>, always.</exception>
    public Task<IPresence> AnnounceAsync(StoreKey key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancel) => Task.FromException<IPresence>(
        new StoreException(StoreError.Unsupported, Applied.No, "pmxcfs announces nothing: who is online is known to the cluster itself"));

    /// <inheritdoc/>
    public Task<LockAttempt> TryAcquireAsync(StoreKey name, LockOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        BatchRules.CheckKey(name);
        return _locks.TryAcquireAsync(name, options, cancel);
    }

    /// <inheritdoc/>
    public Task<LockView> InspectAsync(StoreKey name, CancellationToken cancel)
    {
        BatchRules.CheckKey(name);
        return _locks.InspectAsync(name, cancel);
    }

    /// <inheritdoc/>
    public Task<ClusterView> ReadMembersAsync(NodeName self, CancellationToken cancel) => _reader.RunAsync(_ => PmxcfsMembers.Read(_files, self), cancel);

    /// <inheritdoc/>
    public Task<string> ReadOwnNameAsync(CancellationToken cancel) => _reader.RunAsync(_ => PmxcfsMembers.ReadOwnName(_files), cancel);

    /// <summary>Ends the threads. Locks stay held until they expire; open watches fail.</summary>
    public ValueTask DisposeAsync()
    {
        _watcher.Dispose();
        _writer.Dispose();
        _reader.Dispose();
        _locks.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<KvOutcome> WriteAsync(KvBatch batch, CancellationToken cancel)
    {
        var outcome = await _writer.RunAsync(job => _commits.Commit(batch, job), cancel);
        _watcher.Nudge();
        return outcome;
    }
}
