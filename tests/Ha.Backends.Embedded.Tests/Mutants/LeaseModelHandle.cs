using Ha.Core.Model;
using Ha.Core.Stores;

namespace Ha.Backends.Embedded.Tests.Mutants;

/// <summary>One tenure of a lock of <see cref="LeaseModel"/>.</summary>
internal sealed class LeaseModelHandle(LeaseModel store, LockToken token, TimeSpan ttl) : ILockHandle
{
    private LockLoss? _loss;

    public LockToken Token => token;

    public Instant ValidUntil => RenewedAt + ttl;

    public Instant RenewedAt { get; private set; }

    public bool IsHeld => Loss is null;

    public LockLoss? Loss => _loss ?? (store.HasEnded(ValidUntil) ? LockLoss.Expired : null);

    public async Task<RenewAnswer> RenewAsync(CancellationToken cancel)
    {
        if (Loss is { } loss)
            return new RenewAnswer.Lost(Lose(loss));
        var sent = store.Clock.HolderNow;
        if (await store.UnderAsync(token, store.Renewal(token), cancel) is not KvOutcome.Committed)
            return new RenewAnswer.Lost(Lose(LockLoss.Superseded));
        Confirm(store.ValidFrom(sent));
        return new RenewAnswer.Renewed(ValidUntil);
    }

    public async Task<bool> ReleaseAsync(CancellationToken cancel)
    {
        if (!await store.ReleaseAsync(token, ttl, cancel))
            return false;
        Lose(LockLoss.Released);
        return true;
    }

    public LockLoss Lose(LockLoss why) => _loss ??= why;

    public void Confirm(Instant from) => RenewedAt = from;
}
