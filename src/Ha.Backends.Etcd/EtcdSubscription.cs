using Google.Protobuf;
using Ha.Backends.Etcd.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.Etcd;

/// <summary>One watch: a listing, and a stream of what changed since; after anything that may have left a hole, both again.</summary>
internal sealed class EtcdSubscription : IAsyncDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private readonly EtcdCluster _cluster;
    private readonly EtcdReader _reader;
    private readonly EtcdKeys _keys;
    private readonly StoreKey _prefix;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private readonly Action<EtcdSubscription> _ended;
    private readonly CancellationTokenSource _end;
    private readonly EtcdRange _range = new();
    private readonly (ByteString Key, ByteString End) _bounds;
    private CancellationTokenSource? _stream;
    private Task _running = Task.CompletedTask;
    private string? _hole;
    private string _lastFailure = "the server has not answered yet";
    private long _provenAt;
    private bool _isStalled;
    private bool _isOpen;
    private bool _isDisposed;

    public EtcdSubscription(
        EtcdCluster cluster, EtcdReader reader, EtcdKeys keys, StoreKey prefix, WatchOptions options, TimeSpan patience, TimeProvider time,
        Action<EtcdSubscription> ended, CancellationToken end)
    {
        (_cluster, _reader, _keys, _prefix, _patience, _time, _ended) = (cluster, reader, keys, prefix, patience, time, ended);
        _end = CancellationTokenSource.CreateLinkedTokenSource(end);
        _provenAt = time.GetTimestamp();
        StaleAfter = options.StaleAfter;
        Items = new WatchBuffer(options.BufferedKeys);
        _bounds = keys.RangeOf(prefix);
        Proof = new RangeRequest
        {
            Key = _bounds.Key,
            RangeEnd = _bounds.End,
            Limit = 1,
            KeysOnly = true,
            SortOrder = RangeRequest.Types.SortOrder.Descend,
            SortTarget = RangeRequest.Types.SortTarget.Mod,
        };
    }

    /// <summary>What the reader is given.</summary>
    public WatchBuffer Items { get; }

    public TimeSpan StaleAfter { get; }

    /// <summary>Asks how many keys there are and which was changed last.</summary>
    public RangeRequest Proof { get; }

    /// <summary>Whether the first listing is there.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_gate)
                return _isOpen;
        }
    }

    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Compares what was delivered with what the store held at a revision.</summary>
    /// <param name="revision">The revision.</param>
    /// <param name="held">How many keys, and the one changed last.</param>
    /// <param name="sentAt">When it was asked for.</param>
    public void Compare(long revision, RangeResponse held, long sentAt)
    {
        lock (_gate)
        {
            switch (_range.Compare(revision, held.Count, held.Kvs is [var last, ..] ? last.ModRevision : 0, sentAt))
            {
                case RangeProof.Current:
                    Prove(revision, sentAt);
                    break;
                case RangeProof.Hole:
                    _hole ??= "the server kept a change back";
                    // The reader of the stream goes on elsewhere, not here under the lock.
                    _ = _stream?.CancelAsync();
                    break;
                case RangeProof.Undecided:
                    break;
            }
        }

        Items.Wake();
    }

    /// <summary>There was no proof.</summary>
    public void Suffer(StoreException failure)
    {
        if (IsHopeless(failure))
            Fail(failure);
        lock (_gate)
            _lastFailure = failure.Message;
    }

    /// <summary>Says that the watch is stalled if it has not been proven for too long.</summary>
    public void Look()
    {
        lock (_gate)
        {
            var since = _time.GetElapsedTime(_provenAt);
            if (!_isOpen || _isStalled || since < StaleAfter)
                return;
            _isStalled = true;
            Items.Stalled(since, _lastFailure);
        }

        Items.Wake();
    }

    /// <summary>Ends the watch with an error.</summary>
    public void Fail(Exception failure)
    {
        Items.Fail(failure);
        Items.Wake();
        lock (_gate)
        {
            if (!_isDisposed)
                _ = _end.CancelAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _ended(this);
        await _end.CancelAsync();
        await _running;
        lock (_gate)
            _isDisposed = true;
        _end.Dispose();
    }

    private static bool IsHopeless(StoreException e) => e.Error is StoreError.Regressed or StoreError.Unauthorized or StoreError.Unauthenticated;

    private async Task RunAsync()
    {
        var pause = ShortestPause;
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await BeginAsync();
                pause = ShortestPause;
                await FollowAsync();
            }
            catch (OperationCanceledException)
            {
                continue;
            }
            catch (StoreException e) when (IsHopeless(e) || (!IsOpen && _time.GetElapsedTime(_provenAt) >= _patience))
            {
                Fail(e);
            }
            catch (StoreException e)
            {
                lock (_gate)
                    (_hole, _lastFailure) = (_hole ?? e.Message, e.Message);
                // Full jitter: all nodes lose a server at the same moment.
                await Task.Delay(pause * Random.Shared.NextDouble(), _time, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            catch (Exception e)
            {
                // Not a failure of the outside world: the reader has to know, or it would wait for ever.
                Fail(e);
            }
        }
    }

    private async Task BeginAsync()
    {
        var sentAt = _time.GetTimestamp();
        var reply = await _reader.RangeAsync(_prefix, ReadLevel.Linearizable, _end.Token);
        var listing = _reader.Listing(_prefix, reply);
        lock (_gate)
        {
            _range.Replace(reply);
            if (_isOpen)
                Items.Resync(_hole ?? "the stream ended", listing);
            else
                Items.Snapshot(listing);
            (_isOpen, _hole) = (true, null);
            Prove(reply.Header.Revision, sentAt);
        }

        Items.Wake();
    }

    private async Task FollowAsync()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        long next;
        lock (_gate)
            (_stream, next) = (end, _range.Delivered + 1);
        try
        {
            var create = new WatchCreateRequest { Key = _bounds.Key, RangeEnd = _bounds.End, StartRevision = next, ProgressNotify = true };
            using var stream = await _cluster.OpenAsync(EtcdMethods.Watch, new WatchRequest { CreateRequest = create }, EtcdCall.Watch, end.Token);
            while (true)
                await TakeAsync(await stream.NextAsync(end.Token));
        }
        catch (GrpcException e)
        {
            throw new StoreException(StoreError.Unavailable, Applied.No, $"the watch of '{_prefix}' was cut off ({e.Message})", e);
        }
        finally
        {
            lock (_gate)
                _stream = null;
        }
    }

    private async Task TakeAsync(WatchResponse reply)
    {
        if (reply.Canceled)
        {
            throw new StoreException(StoreError.Unavailable, Applied.No, reply.CompactRevision > 0
                ? $"the history of '{_prefix}' was compacted at revision {reply.CompactRevision}"
                : $"the server ended the watch of '{_prefix}' ({reply.CancelReason})");
        }

        if (Deliver(reply))
            return;
        // The reader is slow: a listing takes the place of what did not fit. What the stream still has of before it is skipped.
        lock (_gate)
            _hole = "the reader was too slow";
        await BeginAsync();
    }

    // False if the reader cannot take them all.
    private bool Deliver(WatchResponse reply)
    {
        lock (_gate)
        {
            foreach (var change in reply.Events)
            {
                if (!_range.Take(change.Kv, isDeletion: change.Type == Event.Types.EventType.Delete))
                    continue;
                if (_keys.TryParse(change.Kv.Key, out var key) && key.IsUnder(_prefix)
                    && !Items.Changed(key, change.Type == Event.Types.EventType.Delete ? null : EtcdKeys.Entry(key, change.Kv), (ulong)change.Kv.ModRevision))
                    return false;
            }

            if (reply.Events.Count > 0 && _range.ProvenBy() is { } proof)
                Prove(proof.Revision, proof.SentAt);
        }

        Items.Wake();
        return true;
    }

    private void Prove(long revision, long sentAt)
    {
        (_provenAt, _isStalled) = (sentAt, false);
        Items.Current((ulong)Math.Max(revision, _range.Delivered));
    }
}
