using Microsoft.Extensions.Logging;

namespace Ha.Core.Stores;

/// <summary>Reads and writes lock records, and remembers what it saw: silence, generations, and the store's place. Shared by a store's handles.</summary>
internal sealed class LeaseBook(IKeyValueStore inner, StoreContext context)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<StoreKey, Memory> _memories = [];
    private volatile string? _regression;

    /// <summary>The highest tenure and place seen of one lock. Places of different locks are not compared: not every store can.</summary>
    private readonly record struct Memory(ulong Generation, Guid Incarnation, ulong Sequence);

    public IStoreClock Clock => context.Clock;

    public Guid Incarnation => context.Incarnation;

    public ILogger? Log => context.Log;

    public LeaseWitness Witness { get; } = new();

    /// <summary>Whether the store went back in time: from then on nothing is granted, and no handle is good.</summary>
    public bool IsRegressed => _regression is not null;

    /// <exception cref="StoreException"><see cref="StoreError.Regressed"/>.</exception>
    public void ThrowIfRegressed()
    {
        if (_regression is { } message)
            throw new StoreException(StoreError.Regressed, Applied.No, message);
    }

    /// <summary>Reads a lock's records, linearizably, and takes note of them.</summary>
    public async Task<LeaseRecord> ReadAsync(StoreKey name, CancellationToken cancel)
    {
        ThrowIfRegressed();
        var floor = Floor(name);
        var from = Clock.ObserverNow;
        var listing = await inner.ListAsync(LockKeys.Of(name), ReadLevel.Linearizable, cancel);
        var now = Clock.ObserverNow;
        var (ownerKey, beatKey) = (LockKeys.Owner(name), LockKeys.Beat(name));
        var record = new LeaseRecord(listing.Entries.FirstOrDefault(e => e.Key == ownerKey), listing.Entries.FirstOrDefault(e => e.Key == beatKey));
        Check(name, floor, new Memory(record.Generation, record.Owner?.Incarnation ?? default, listing.Sequence), Applied.No);
        Witness.See(name, record, from, now);
        return record;
    }

    /// <summary>Commits a batch that rests on a lock's records.</summary>
    /// <param name="name">The lock.</param>
    /// <param name="tenure">Its generation and incarnation once the batch is applied.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async Task<KvOutcome> CommitAsync(StoreKey name, (ulong Generation, Guid Incarnation) tenure, KvBatch batch, CancellationToken cancel)
    {
        ThrowIfRegressed();
        var floor = Floor(name);
        var outcome = await inner.CommitAsync(batch, cancel);
        if (outcome is KvOutcome.Committed committed)
            Check(name, floor, new Memory(tenure.Generation, tenure.Incarnation, committed.Sequence), Applied.Yes);
        return outcome;
    }

    /// <summary>What a token whose owner record is not the current one was lost by.</summary>
    /// <param name="token">The token.</param>
    /// <param name="current">The current owner record's entry; null: there is none.</param>
    /// <exception cref="StoreException"><see cref="StoreError.Regressed"/>: the current one is older, or another's of the same generation.</exception>
    public LockLoss LossOf(LockToken token, KvEntry? current)
    {
        var owner = current is null ? null : OwnerRecord.Read(current);
        Check(token.Name, new Memory(token.Generation, token.Incarnation, 0), new Memory(owner?.Generation ?? 0, owner?.Incarnation ?? default, 0), Applied.No);
        return owner!.IsOf(token) && !owner.IsHeld ? LockLoss.Released : LockLoss.Superseded;
    }

    private Memory Floor(StoreKey name)
    {
        lock (_gate)
            return _memories.GetValueOrDefault(name);
    }

    // Compared with what was known when the question was sent: answers may overtake each other.
    private void Check(StoreKey name, Memory floor, Memory seen, Applied applied)
    {
        if (seen.Generation < floor.Generation)
            Regress(name, $"its generation is {seen.Generation} but was {floor.Generation}", applied);
        if (seen.Generation == floor.Generation && seen.Incarnation != floor.Incarnation)
            Regress(name, $"two processes were granted its generation {seen.Generation}", applied);
        if (seen.Sequence < floor.Sequence)
            Regress(name, $"the store's place is {seen.Sequence} but was {floor.Sequence}", applied);
        lock (_gate)
        {
            var known = _memories.GetValueOrDefault(name);
            var latest = seen.Generation >= known.Generation ? seen : known;
            _memories[name] = latest with { Sequence = Math.Max(known.Sequence, seen.Sequence) };
        }
    }

    private void Regress(StoreKey name, string what, Applied applied)
    {
        var message = $"the store went back in time at lock '{name}': {what}; stop all daemons before anything is granted, then find out who restored it";
        if (Interlocked.CompareExchange(ref _regression, message, null) is null)
            Log?.StoreRegressed(message);
        throw new StoreException(StoreError.Regressed, applied, message);
    }
}
