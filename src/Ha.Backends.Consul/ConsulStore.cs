using System.Runtime.CompilerServices;
using Ha.Core.Stores;
using Microsoft.Extensions.Logging;

namespace Ha.Backends.Consul;

/// <summary>A part of Consul's key space. Locks come from <see cref="LeaseLockingStore"/>, which wraps it.</summary>
internal sealed class ConsulStore : IKeyValueStore
{
    /// <summary>Conditions and writes of one transaction: 64 until Consul 1.13, 128 since; one is kept for the index of deletions.</summary>
    private const int MostOperations = 63;

    // A request takes 512 KiB; values grow by a third in base64, and each operation needs some hundred bytes around it.
    private const int MostBatchBytes = 360 * 1024;
    private const int MostValueBytes = 352 * 1024;

    private readonly ConsulClient _client;
    private readonly ConsulReads _reads;
    private readonly ConsulCommits _commits;
    private readonly ConsulPresences _presences;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private readonly HashSet<ConsulWatch> _watches = [];
    private bool _isClosed;

    private ConsulStore(ConsulClient client, string version)
    {
        _client = client;
        _reads = new ConsulReads(client);
        _commits = new ConsulCommits(client, _reads);
        _presences = new ConsulPresences(client);
        Descriptor = new StoreDescriptor(
            "consul",
            client.Options.Location,
            version,
            StoreCapabilities.EnforcedGuard | StoreCapabilities.MultiKeyBatch | StoreCapabilities.AtomicListing | StoreCapabilities.LinearizableRead
                | StoreCapabilities.PushWatch | StoreCapabilities.Presence | StoreCapabilities.RevisionSurvivesRecreate,
            new StoreLimits(MostValueBytes, MostBatchBytes, MostOperations, client.Options.ShortestSession, TimeSpan.FromDays(1)),
            ConsulWatch.Latency)
        {
            Failover = Failover(client.Options.RaftMultiplier),
        };
    }

    /// <inheritdoc/>
    public StoreDescriptor Descriptor { get; }

    /// <summary>Opens a store, and makes it ours if it is new.</summary>
    /// <param name="options">Where, and how.</param>
    /// <param name="time">Counts deadlines and pauses.</param>
    /// <param name="log">Told of endpoints of another cluster; null: nobody is.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <param name="first">The endpoint to begin with; null: any.</param>
    /// <exception cref="StoreException">It cannot be opened: the message names the value and the remedy.</exception>
    public static async Task<ConsulStore> OpenAsync(ConsulOptions options, TimeProvider time, ILogger? log, CancellationToken cancel, int? first = null)
    {
        var client = new ConsulClient(options, time, first);
        try
        {
            return new ConsulStore(client, await new ConsulIdentity(client, log).OpenAsync(cancel));
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<KvEntry?> GetAsync(StoreKey key, ReadLevel level, CancellationToken cancel)
    {
        BatchRules.CheckKey(key);
        return _reads.GetAsync(key, level, cancel);
    }

    /// <inheritdoc/>
    public Task<KvListing> ListAsync(StoreKey prefix, ReadLevel level, CancellationToken cancel) => _reads.ListAsync(prefix, level, cancel);

    /// <inheritdoc/>
    public Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel)
    {
        BatchRules.Check(batch, Descriptor);
        BatchRules.RefuseGuard(batch);
        return _commits.CommitAsync(batch, cancel);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<WatchItem> WatchAsync(StoreKey prefix, WatchOptions options, [EnumeratorCancellation] CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        cancel.ThrowIfCancellationRequested();
        var watch = Begin(prefix, options);
        try
        {
            await foreach (var item in watch.Buffer.ReadAsync(cancel))
                yield return item;
        }
        finally
        {
            lock (_gate)
                _watches.Remove(watch);
            await watch.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public async Task<IPresence> AnnounceAsync(StoreKey key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancel)
    {
        BatchRules.CheckKey(key);
        BatchRules.CheckValue(key, value, Descriptor);
        var (shortest, longest) = (Descriptor.Limits.MinPresenceTtl, Descriptor.Limits.MaxPresenceTtl);
        if (ttl < shortest || ttl > longest)
            throw new StoreException(StoreError.Unsupported, Applied.No, $"a presence of {ttl.TotalSeconds:0.###} s: Consul carries {shortest.TotalSeconds:0.###} s (its session_ttl_min, here session-ttl-min) to {longest.TotalHours:0} h");
        return await _presences.AnnounceAsync(key, value, ttl, cancel);
    }

    /// <summary>Closes all connections. Open watches fail; announcements end by themselves.</summary>
    public async ValueTask DisposeAsync()
    {
        ConsulWatch[] watches;
        lock (_gate)
        {
            if (_isClosed)
                return;
            (_isClosed, watches) = (true, [.. _watches]);
        }

        await _closing.CancelAsync();
        foreach (var watch in watches)
            await watch.Ended;
        _client.Dispose();
    }

    // With a multiplier of 1, gaps of 2.6 to 3.3 s were measured; elections take longer in proportion.
    private static StoreFailover Failover(int multiplier) => new(
        TimeSpan.FromSeconds(1.5 + (2 * multiplier)),
        multiplier > 1 ? "set performance.raft_multiplier to 1 on the servers and write raft-multiplier=1 in the connection string" : "Consul elects no faster");

    private ConsulWatch Begin(StoreKey prefix, WatchOptions options)
    {
        lock (_gate)
        {
            if (_isClosed)
                throw ConsulErrors.Closed(_client.Options.Location);
            var watch = new ConsulWatch(_client, _reads, prefix, options, _closing.Token);
            _watches.Add(watch);
            return watch;
        }
    }
}
