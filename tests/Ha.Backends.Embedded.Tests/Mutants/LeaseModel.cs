using System.Text;
using Ha.Core.Model;
using Ha.Core.Stores;

namespace Ha.Backends.Embedded.Tests.Mutants;

/// <summary>A second, plain implementation of the lease, whose rules are virtual so that a mutant can break exactly one.
/// It is there to be broken; that it passes every case unbroken also checks the suite against the product's own lease.</summary>
internal class LeaseModel(IKeyValueStore inner, IStoreClock clock, Guid incarnation) : ILockingKvStore
{
    private static readonly StoreKey Records = StoreKey.Of("model.locks");

    private readonly Dictionary<StoreKey, Observation> _observed = [];
    private ulong _nonce;

    public StoreDescriptor Descriptor { get; } = inner.Descriptor with
    {
        Limits = inner.Descriptor.Limits with { MaxBatchOperations = inner.Descriptor.Limits.MaxBatchOperations - 2 },
    };

    public IStoreClock Clock => clock;

    /// <summary>The tenures this process was given.</summary>
    public List<LeaseModelHandle> Handles { get; } = [];

    public Task<KvEntry?> GetAsync(StoreKey key, ReadLevel level, CancellationToken cancel) => inner.GetAsync(key, level, cancel);

    public async Task<KvListing> ListAsync(StoreKey prefix, ReadLevel level, CancellationToken cancel) =>
        Visible(await inner.ListAsync(prefix, level, cancel));

    public IAsyncEnumerable<WatchItem> WatchAsync(StoreKey prefix, WatchOptions options, CancellationToken cancel) =>
        inner.WatchAsync(prefix, options, cancel).Where(i => i is not WatchItem.Changed c || !IsHidden(c.Key)).Select(i => i switch
        {
            WatchItem.Snapshot s => new WatchItem.Snapshot(Visible(s.Listing)),
            WatchItem.Resync r => r with { Listing = Visible(r.Listing) },
            _ => i,
        });

    public Task<IPresence> AnnounceAsync(StoreKey key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancel) =>
        inner.AnnounceAsync(key, value, ttl, cancel);

    public async Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel)
    {
        BatchRules.Check(batch, Descriptor);
        if (batch.Guard is not { } token)
            return await inner.CommitAsync(batch, cancel);
        var handle = batch.Renews as LeaseModelHandle;
        if (handle?.Loss is { } loss)
            return new KvOutcome.LockLost(loss);
        var sent = clock.HolderNow;
        var guarded = await GuardAsync(batch with { Guard = null, Renews = null }, token);
        if (guarded is null)
            return new KvOutcome.LockLost(LockLoss.Superseded);
        if (handle is not null)
            guarded = guarded.Put(Beat(token.Name), Nonce());
        var outcome = await inner.CommitAsync(guarded, cancel);
        if (outcome is KvOutcome.Conflict { Key: var key } conflict && key == Owner(token.Name))
        {
            var why = Owned(conflict.Current, token) ? LockLoss.Released : LockLoss.Superseded;
            handle?.Lose(why);
            return new KvOutcome.LockLost(why);
        }

        if (outcome is not KvOutcome.Committed committed)
            return outcome;
        handle?.Confirm(ValidFrom(sent));
        return committed with { Guard = GuardStrength.Enforced, Revisions = committed.Revisions.Where(r => !IsHidden(r.Key)).ToDictionary() };
    }

    public async Task<LockAttempt> TryAcquireAsync(StoreKey name, LockOptions options, CancellationToken cancel)
    {
        var (owner, beat) = (await ReadAsync(Owner(name), cancel), await ReadAsync(Beat(name), cancel));
        var record = Record.Parse(owner);
        var view = Look(name, record, owner, beat, options);
        if (record is { Held: true } && !view.Expired)
        {
            if (IsOwn(record, options))
                return await ContinueAsync(name, owner!, record, view, options, cancel);
            if (!MayAdopt(record, options))
                return new LockAttempt.Held(view, Wait(options) - view.Silence);
        }

        var sent = clock.HolderNow;
        var next = new Record(NextGeneration(record), options.Holder, incarnation, options.Ttl, true);
        var batch = KvBatch.Empty.RequireUnchanged(Owner(name), owner).Put(Owner(name), next.Write(++_nonce)).Put(Beat(name), Nonce());
        var outcome = await inner.CommitAsync(RequireSilence(batch, Beat(name), beat), cancel);
        if (outcome is not KvOutcome.Committed committed)
            return new LockAttempt.Held(view, Wait(options));
        var token = new LockToken(name, next.Generation, incarnation, committed.Revisions[Owner(name)]);
        return new LockAttempt.Granted(Grant(token, options.Ttl, sent), view, record is { Held: true } && !view.Expired);
    }

    public async Task<LockView> InspectAsync(StoreKey name, CancellationToken cancel)
    {
        var (owner, beat) = (await ReadAsync(Owner(name), cancel), await ReadAsync(Beat(name), cancel));
        var record = Record.Parse(owner);
        return Look(name, record, owner, beat, new LockOptions("", record?.Ttl ?? TimeSpan.Zero));
    }

    public virtual ValueTask DisposeAsync() => inner.DisposeAsync();

    /// <summary>One commit under an owner record that must be the token's.</summary>
    public Task<KvOutcome> UnderAsync(LockToken token, KvBatch batch, CancellationToken cancel) =>
        inner.CommitAsync(batch.RequireRevision(Owner(token.Name), token.OwnerRevision), cancel);

    // The rules, one by one.
    public virtual KvBatch Renewal(LockToken token) => KvBatch.Empty.Put(Beat(token.Name), Nonce());

    public virtual Instant ValidFrom(Instant sent) => sent;

    public virtual bool HasEnded(Instant validUntil) => clock.HolderNow >= validUntil;

    public virtual async Task<bool> ReleaseAsync(LockToken token, TimeSpan ttl, CancellationToken cancel) =>
        await UnderAsync(token, Freed(token, ttl), cancel) is KvOutcome.Committed;

    public KvBatch Freed(LockToken token, TimeSpan ttl) =>
        KvBatch.Empty.Put(Owner(token.Name), new Record(token.Generation, "", token.Incarnation, ttl, false).Write(++_nonce));

    protected virtual Task<KvBatch?> GuardAsync(KvBatch batch, LockToken token) =>
        Task.FromResult<KvBatch?>(batch with { Conditions = batch.Conditions.Insert(0, new KvCondition(Owner(token.Name), token.OwnerRevision)) });

    protected virtual KvBatch RequireSilence(KvBatch batch, StoreKey beatKey, KvEntry? beat) => batch.RequireUnchanged(beatKey, beat);

    protected virtual bool RestartsCount(TimeSpan hole, TimeSpan ttl) => hole > ttl / 4;

    protected virtual TimeSpan Wait(LockOptions options) => options.ObserverWait;

    protected virtual ulong NextGeneration(Record? record) => (record?.Generation ?? 0) + 1;

    protected virtual bool IsOwn(Record record, LockOptions options) => record.Incarnation == incarnation;

    protected virtual bool MayAdopt(Record record, LockOptions options) => options.AdoptOwn && record.Holder == options.Holder;

    protected virtual bool IsHidden(StoreKey key) => key.IsUnder(Records);

    protected static StoreKey Owner(StoreKey name) => Records.Child($"{name}/owner");

    protected Task<KvEntry?> ReadAsync(StoreKey key, CancellationToken cancel) => inner.GetAsync(key, ReadLevel.Linearizable, cancel);

    private static StoreKey Beat(StoreKey name) => Records.Child($"{name}/beat");

    private static bool Owned(KvEntry? owner, LockToken token) =>
        Record.Parse(owner) is { } record && record.Generation == token.Generation && record.Incarnation == token.Incarnation;

    private byte[] Nonce() => Encoding.UTF8.GetBytes($"{incarnation} {++_nonce}");

    private KvListing Visible(KvListing listing) => listing with { Entries = [.. listing.Entries.Where(e => !IsHidden(e.Key))] };

    private LockView Look(StoreKey name, Record? record, KvEntry? owner, KvEntry? beat, LockOptions options)
    {
        if (record is not { Held: true })
            return new LockView(null, record?.Generation ?? 0, TimeSpan.Zero, TimeSpan.Zero, false);
        var now = clock.ObserverNow;
        if (!_observed.TryGetValue(name, out var seen) || seen.Owner != owner?.Revision || seen.Beat != beat?.Revision
            || RestartsCount(now - seen.LastLook, options.Ttl))
            seen = new Observation(owner?.Revision, beat?.Revision, now, now);
        _observed[name] = seen with { LastLook = now };
        return new LockView(record.Holder, record.Generation, record.Ttl, now - seen.Since, now - seen.Since >= Wait(options));
    }

    private async Task<LockAttempt> ContinueAsync(StoreKey name, KvEntry owner, Record record, LockView view, LockOptions options, CancellationToken cancel)
    {
        var token = new LockToken(name, record.Generation, record.Incarnation, owner.Revision);
        var sent = clock.HolderNow;
        return await UnderAsync(token, Renewal(token), cancel) is KvOutcome.Committed
            ? new LockAttempt.Granted(Grant(token, options.Ttl, sent), view, Adopted: true)
            : new LockAttempt.Held(view, Wait(options));
    }

    private LeaseModelHandle Grant(LockToken token, TimeSpan ttl, Instant sent)
    {
        var handle = new LeaseModelHandle(this, token, ttl);
        handle.Confirm(ValidFrom(sent));
        Handles.Add(handle);
        return handle;
    }

    internal sealed record Record(ulong Generation, string Holder, Guid Incarnation, TimeSpan Ttl, bool Held)
    {
        public static Record? Parse(KvEntry? entry)
        {
            if (entry is null)
                return null;
            var parts = Encoding.UTF8.GetString(entry.Value.Span).Split('|');
            return new Record(ulong.Parse(parts[0]), parts[1], Guid.Parse(parts[2]), new TimeSpan(long.Parse(parts[3])), parts[4] == "held");
        }

        public byte[] Write(ulong nonce) => Encoding.UTF8.GetBytes($"{Generation}|{Holder}|{Incarnation}|{Ttl.Ticks}|{(Held ? "held" : "free")}|{nonce}");
    }

    private readonly record struct Observation(StoreRevision? Owner, StoreRevision? Beat, Instant Since, Instant LastLook);
}
