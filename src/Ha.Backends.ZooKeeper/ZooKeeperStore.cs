using System.Runtime.CompilerServices;
using Ha.Core.Stores;

namespace Ha.Backends.ZooKeeper;

/// <summary>A ZooKeeper ensemble. Locks come from <see cref="LeaseLockingStore"/>, which wraps it.</summary>
internal sealed class ZooKeeperStore : IKeyValueStore
{
    // Keys and values may fill a packet up to what this many operations need besides: paths, lists of who may do what, numbers.
    private const int Operations = 128;
    private const int OperationBytes = 96;
    private const int PacketBytes = 4096;

    // No announcement hangs on the session of calls: it only has to outlive short interruptions.
    private static readonly TimeSpan CallSession = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time;
    private readonly ZooKeeperPlace _place;
    private readonly ZooKeeperLink _link;
    private readonly ZooKeeperReader _reader;
    private readonly ZooKeeperWriter _writer;
    private readonly ZooKeeperWatcher _watcher;
    private readonly HashSet<ZooKeeperPresence> _presences = [];
    private readonly Lock _gate = new();
    private readonly int _seed;
    private bool _isDisposed;

    private ZooKeeperStore(ZooKeeperPlace place, ZooKeeperLink link, ServerFacts facts, TimeProvider time, int seed)
    {
        (_place, _link, _time, _seed) = (place, link, time, seed);
        var client = new ZooKeeperClient(link);
        _reader = new ZooKeeperReader(client);
        _writer = new ZooKeeperWriter(client, _reader);
        _watcher = new ZooKeeperWatcher(place, time, seed);
        var options = place.Options;
        var bytes = options.MaxPacketBytes - PacketBytes - (Math.Min(Operations, options.MaxPacketBytes / 8192) * (OperationBytes + options.Chroot.Length));
        Descriptor = new StoreDescriptor(
            "zookeeper",
            options.Location,
            facts.Version,
            StoreCapabilities.EnforcedGuard | StoreCapabilities.MultiKeyBatch | StoreCapabilities.LinearizableRead | StoreCapabilities.PushWatch
                | StoreCapabilities.Presence | StoreCapabilities.RevisionSurvivesRecreate,
            new StoreLimits(bytes - StoreKey.MaxLength, bytes, Operations, facts.ShortestSession, facts.LongestSession),
            options.ProofInterval)
        {
            Failover = options.Failover,
        };
    }

    /// <inheritdoc/>
    public StoreDescriptor Descriptor { get; }

    /// <summary>Opens a store; creates it if it does not exist.</summary>
    /// <param name="options">Where, and how.</param>
    /// <param name="context">What the process supplies.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="StoreException">It cannot be opened: the message names servers and remedies.</exception>
    public static async Task<ZooKeeperStore> OpenAsync(ZooKeeperOptions options, StoreContext context, CancellationToken cancel)
    {
        var place = new ZooKeeperPlace(options, context.Incarnation);
        var seed = context.Incarnation.GetHashCode();
        var link = new ZooKeeperLink(place, context.Time, LinkKind.Ordinary, CallSession, seed);
        try
        {
            var connection = await link.ConnectAsync(Deadline.In(options.Timeout, context.Time), cancel);
            var facts = await ServerFacts.AskAsync(connection.Endpoint, options, context.Time, cancel);
            return new ZooKeeperStore(place, link, facts, context.Time, seed);
        }
        catch
        {
            await link.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<KvEntry?> GetAsync(StoreKey key, ReadLevel level, CancellationToken cancel)
    {
        BatchRules.CheckKey(key);
        return _reader.GetAsync(key, level, cancel);
    }

    /// <inheritdoc/>
    public Task<KvListing> ListAsync(StoreKey prefix, ReadLevel level, CancellationToken cancel) => _reader.ListAsync(prefix, level, cancel);

    /// <inheritdoc/>
    public Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel)
    {
        BatchRules.Check(batch, Descriptor);
        BatchRules.RefuseGuard(batch);
        return _writer.CommitAsync(batch, cancel);
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
        var (shortest, longest) = (Descriptor.Limits.MinPresenceTtl, Descriptor.Limits.MaxPresenceTtl);
        if (ttl < shortest || ttl > longest)
            throw new StoreException(StoreError.Unsupported, Applied.No, $"a presence of {ttl.TotalSeconds:0.###} s: these servers carry {shortest.TotalSeconds:0.###} s to {longest.TotalSeconds:0.###} s (minSessionTimeout, maxSessionTimeout, tickTime)");
        var presence = await ZooKeeperPresence.AnnounceAsync(new ZooKeeperLink(_place, _time, LinkKind.Presence, ttl, _seed), key, value, Forget, cancel);
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _presences.Add(presence);
                return presence;
            }
        }

        await presence.AbandonAsync();
        throw ZooKeeperErrors.Closed(_place.Options.Location);
    }

    /// <summary>Closes every connection. Open watches fail; announcements end by themselves.</summary>
    public async ValueTask DisposeAsync()
    {
        ZooKeeperPresence[] presences;
        lock (_gate)
        {
            _isDisposed = true;
            presences = [.. _presences];
        }

        await _watcher.DisposeAsync();
        foreach (var presence in presences)
            await presence.AbandonAsync();
        await _link.DisposeAsync();
    }

    private void Forget(ZooKeeperPresence presence)
    {
        lock (_gate)
            _presences.Remove(presence);
    }
}
