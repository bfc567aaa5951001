using System.Collections.Concurrent;
using Ha.Core.Model;

namespace Ha.Core.Stores;

/// <summary>Takes lease locks: reads, decides, writes once.</summary>
internal sealed class LeaseAcquisition(LeaseBook book)
{
    private readonly ConcurrentDictionary<StoreKey, LeaseHandle> _tenures = new();

    public async Task<LockAttempt> TryAsync(StoreKey name, LockOptions options, CancellationToken cancel)
    {
        var record = await book.ReadAsync(name, cancel);
        var silence = book.Witness.Silence(name, record, book.Clock.ObserverNow);
        var tenure = TenureOf(name, record, options);
        var step = LeaseDecision.Next(record, book.Incarnation, tenure is not null, silence, options);
        return step switch
        {
            LeaseStep.Wait => Held(record, silence, options),
            LeaseStep.Continue => await ContinueAsync(name, tenure!, View(record, silence, options), options, cancel),
            LeaseStep.TakeFree or LeaseStep.TakeExpired or LeaseStep.TakeOwn or LeaseStep.Adopt => await TakeAsync(step, record, View(record, silence, options), name, options, cancel),
        };
    }

    public async Task<LockView> InspectAsync(StoreKey name, CancellationToken cancel)
    {
        var record = await book.ReadAsync(name, cancel);
        return View(record, book.Witness.Silence(name, record, book.Clock.ObserverNow), options: null);
    }

    private static LockView View(LeaseRecord record, TimeSpan silence, LockOptions? options)
    {
        if (!record.IsHeld)
            return new LockView(null, record.Generation, TimeSpan.Zero, TimeSpan.Zero, Expired: false);
        var wait = options is null ? record.Owner.ObserverWait : LeaseDecision.WaitFor(record.Owner, options);
        return new LockView(record.Owner.Holder, record.Generation, record.Owner.Ttl, silence, silence > wait);
    }

    private static LockAttempt.Held Held(LeaseRecord record, TimeSpan silence, LockOptions options)
    {
        var remaining = record.IsHeld ? LeaseDecision.WaitFor(record.Owner, options) - silence : TimeSpan.Zero;
        return new LockAttempt.Held(View(record, silence, options), remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero);
    }

    private async Task<LockAttempt> ContinueAsync(StoreKey name, LeaseHandle tenure, LockView previous, LockOptions options, CancellationToken cancel)
    {
        if (await tenure.RenewAsync(cancel) is RenewAnswer.Renewed)
            return new LockAttempt.Granted(tenure, previous, Adopted: true);
        return await HeldNowAsync(name, options, cancel);
    }

    private async Task<LockAttempt> TakeAsync(LeaseStep step, LeaseRecord record, LockView previous, StoreKey name, LockOptions options, CancellationToken cancel)
    {
        var owner = new OwnerRecord(record.Generation + 1, options.Holder, book.Incarnation, options.Ttl, options.RateMargin, IsHeld: true);
        var batch = LeaseDecision.Conditions(step, name, record)
            .Put(LockKeys.Owner(name), owner.Write())
            .Put(LockKeys.Beat(name), new BeatRecord(owner.Generation, owner.Incarnation, 0).Write());
        var sentAt = book.Clock.HolderNow;
        StoreRevision revision;
        try
        {
            if (await book.CommitAsync(name, (owner.Generation, owner.Incarnation), batch, cancel) is not KvOutcome.Committed committed)
                return await HeldNowAsync(name, options, cancel);
            revision = committed.Revisions[LockKeys.Owner(name)];
        }
        catch (StoreException e) when (e.Applied == Applied.Maybe && !cancel.IsCancellationRequested)
        {
            var now = await LeaseDoubt.ReadBackAsync(book, name, e, cancel);
            if (now.OwnerEntry?.Revision == record.OwnerEntry?.Revision)
                throw; // It may still arrive. If it does, the next attempt finds it.
            if (now.Owner is not { } taken || taken.Generation != owner.Generation || taken.Incarnation != owner.Incarnation || !taken.IsHeld)
                return Held(now, TimeSpan.Zero, options);
            revision = now.OwnerEntry!.Revision;
        }

        return Grant(step, new LockToken(name, owner.Generation, owner.Incarnation, revision), options, sentAt, previous);
    }

    private LockAttempt.Granted Grant(LeaseStep step, LockToken token, LockOptions options, Instant sentAt, LockView previous)
    {
        if (step == LeaseStep.TakeExpired)
            book.Log?.TookOver(token.Name, previous);
        else if (step == LeaseStep.Adopt)
            book.Log?.Adopted(token.Name, previous);
        var handle = new LeaseHandle(book, token, options, sentAt);
        _tenures[token.Name] = handle;
        return new LockAttempt.Granted(handle, previous, Adopted: step == LeaseStep.Adopt);
    }

    private async Task<LockAttempt> HeldNowAsync(StoreKey name, LockOptions options, CancellationToken cancel)
    {
        var record = await book.ReadAsync(name, cancel);
        return Held(record, book.Witness.Silence(name, record, book.Clock.ObserverNow), options);
    }

    private LeaseHandle? TenureOf(StoreKey name, LeaseRecord record, LockOptions options) =>
        _tenures.TryGetValue(name, out var handle) && record.OwnerEntry?.Revision == handle.Token.OwnerRevision && handle.IsHeld
        && handle.Options.Ttl == options.Ttl && handle.Options.RateMargin.Equals(options.RateMargin)
            ? handle
            : null;
}
