using Ha.Backends.Consul.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.Consul;

/// <summary>One watch: lists, waits in the server until the prefix changes, lists again and tells the difference. Reads decide; the wait is only a hint.</summary>
internal sealed class ConsulWatch : IAsyncDisposable
{
    /// <summary>The longest wait. Short, for each answer proves that what was told is still true.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(400);

    /// <summary>How late a change, or the proof that there was none, may be told while the servers answer.</summary>
    public static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly ConsulClient _client;
    private readonly ConsulReads _reads;
    private readonly StoreKey _prefix;
    private readonly WatchOptions _options;
    private readonly WatchCurrency _currency;
    private readonly CancellationTokenSource _end;
    private readonly Task _work;
    private Dictionary<StoreKey, KvEntry>? _known;
    private string? _gap;
    private ulong _index;
    private ulong _sequence;

    /// <summary>Begins to watch.</summary>
    public ConsulWatch(ConsulClient client, ConsulReads reads, StoreKey prefix, WatchOptions options, CancellationToken closing)
    {
        (_client, _reads, _prefix, _options) = (client, reads, prefix, options);
        Buffer = new WatchBuffer(options.BufferedKeys);
        _currency = new WatchCurrency(Buffer, options.StaleAfter, client.Time);
        _end = CancellationTokenSource.CreateLinkedTokenSource(closing);
        _work = RunAsync(closing);
    }

    /// <summary>What the reader reads.</summary>
    public WatchBuffer Buffer { get; }

    /// <summary>Completes when the watch has ended, by itself or because it was told to.</summary>
    public Task Ended => _work;

    /// <summary>Ends the watch, and waits until nothing of it is left.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _work;
        _currency.Dispose();
        _end.Dispose();
    }

    private async Task RunAsync(CancellationToken closing)
    {
        try
        {
            await WorkAsync();
            if (closing.IsCancellationRequested)
                Fail(ConsulErrors.Closed(_client.Options.Location));
        }
        catch (Exception e)
        {
            Fail(e); // What cannot be recovered from, or a mistake of ours: the reader gets it. A stream never just ends.
        }
    }

    private async Task WorkAsync()
    {
        for (var failures = 0; !_end.IsCancellationRequested;)
        {
            try
            {
                await StepAsync();
                failures = 0;
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                break;
            }
            catch (StoreException e) when (!IsHopeless(e))
            {
                _currency.Failed(e.Message);
                (_gap, _index) = (e.Message, 0);
                // Cancelling the pause is how the watch ends; nothing is lost by not noticing here.
                await Task.Delay(Pause(++failures), _client.Time, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task StepAsync()
    {
        var isAwake = _index == 0 || await HasChangedAsync();
        var isNews = isAwake && await ListAsync();
        _currency.Proven(_sequence);
        // The index of an empty prefix is that of all keys: others' writes must not make this a loop without rest.
        if (isAwake && !isNews)
            await Task.Delay(LongestWait / 8, _client.Time, _end.Token);
    }

    private async Task<bool> HasChangedAsync()
    {
        var wait = TimeSpan.FromTicks(Math.Clamp((_options.StaleAfter * 0.4).Ticks, ShortestWait.Ticks, LongestWait.Ticks));
        var call = new ConsulCall(HttpMethod.Get, _client.Paths.Await(_client.Keys.Write(_prefix), _index, wait), "watching", _prefix.Value);
        using var reply = await _client.SendAsync(call, new Budget(_client.Time, _client.Options.Timeout + wait), _end.Token);
        // Consul forgets deletions after a while, and a restored store has lost changes.
        if (reply.Index < _index)
            _gap = $"the index of '{_prefix}' went back from {_index} to {reply.Index}";
        return reply.Index != _index;
    }

    private async Task<bool> ListAsync()
    {
        var floor = _client.Place.Sequence;
        var (entries, index) = await _reads.ListAsync(_prefix, ReadLevel.Linearizable, _known, _client.NewBudget(), _end.Token);
        if (index == 0)
            throw new StoreException(StoreError.Unavailable, Applied.No, $"Consul at {_client.Options.Location} listed '{_prefix}' without an index: ask it directly, not through a proxy that removes headers");
        (_index, _sequence) = (index, Math.Max(index, Math.Max(floor, _sequence)));
        var listing = new KvListing(entries, _sequence, Atomic: true);
        var now = entries.ToDictionary(e => e.Key);
        var news = _known is null || _gap is not null ? [] : Changes(_known, now, entries);
        if (_known is null)
            Buffer.Snapshot(listing);
        else if (_gap is not null)
            Buffer.Resync(_gap, listing);
        else if (!news.TrueForAll(c => Buffer.Changed(c.Key, c.Now, c.Sequence)))
            Buffer.Resync("the reader was too slow", listing);
        var isNews = _known is null || _gap is not null || news.Count > 0;
        (_known, _gap) = (now, null);
        return isNews;
    }

    private List<WatchItem.Changed> Changes(Dictionary<StoreKey, KvEntry> before, Dictionary<StoreKey, KvEntry> now, List<KvEntry> entries)
    {
        var changes = new List<WatchItem.Changed>();
        foreach (var entry in entries)
        {
            // An unchanged entry was taken from there.
            if (!ReferenceEquals(before.GetValueOrDefault(entry.Key), entry))
                changes.Add(new WatchItem.Changed(entry.Key, entry, entry.Revision.Low));
        }

        if (now.Count - changes.Count(c => !before.ContainsKey(c.Key)) < before.Count)
            changes.AddRange(before.Keys.Where(k => !now.ContainsKey(k)).Order().Select(k => new WatchItem.Changed(k, null, _index)));
        return changes;
    }

    private bool IsHopeless(StoreException e) =>
        e.Error == StoreError.Regressed || (_known is null && (e.Error is StoreError.Mismatch or StoreError.Unauthorized or StoreError.Unauthenticated || _currency.Unproven > _client.Options.Timeout));

    private void Fail(Exception failure)
    {
        Buffer.Fail(failure);
        Buffer.Wake();
    }

    // Full jitter, so that the watches of a cluster do not all come back at one moment.
    private static TimeSpan Pause(int failures) =>
        TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(failures, 6))) * Random.Shared.NextDouble();
}
