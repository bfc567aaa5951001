using Ha.Core.Model;
using Ha.Core.Stores;

namespace Ha.Backends.Embedded;

/// <summary>One tenure of a server-timed lock.</summary>
internal sealed class InMemoryLockHandle : ILockHandle
{
    private readonly InMemoryStore _store;
    private readonly InMemoryLocks.Entry _entry;
    private readonly TimeSpan _ttl;
    private readonly TimeSpan _observerWait;
    private LockLoss? _loss;

    public InMemoryLockHandle(InMemoryStore store, InMemoryLocks.Entry entry, LockToken token, TimeSpan ttl, TimeSpan observerWait)
    {
        (_store, _entry, Token, _ttl, _observerWait) = (store, entry, token, ttl, observerWait);
        RenewedAt = store.Clock.HolderNow;
    }

    /// <inheritdoc/>
    public LockToken Token { get; }

    /// <inheritdoc/>
    public Instant ValidUntil => RenewedAt + _ttl;

    /// <inheritdoc/>
    public Instant RenewedAt { get; private set; }

    /// <inheritdoc/>
    public bool IsHeld => Loss is null;

    /// <inheritdoc/>
    public LockLoss? Loss => _loss ?? (_store.Clock.HolderNow < ValidUntil ? null : LockLoss.Expired);

    /// <inheritdoc/>
    public Task<RenewAnswer> RenewAsync(CancellationToken cancel)
    {
        if (InMemoryStore.Refusal<RenewAnswer>(_store.LocksReachable, _store.LocksRefusal, cancel) is { } refusal)
            return refusal;
        lock (_store.Cluster.Gate)
        {
            if (LossNow() is { } loss)
                return Task.FromResult<RenewAnswer>(new RenewAnswer.Lost(Lose(loss)));
            Refresh();
        }

        return Task.FromResult<RenewAnswer>(new RenewAnswer.Renewed(ValidUntil));
    }

    /// <inheritdoc/>
    public Task<bool> ReleaseAsync(CancellationToken cancel)
    {
        if (InMemoryStore.Refusal<bool>(() => _store.LocksReachable() && _store.ReleasesReachable(), _store.LocksRefusal, cancel) is { } refusal)
            return refusal;
        lock (_store.Cluster.Gate)
        {
            if (LossNow() is { } loss)
            {
                Lose(loss);
                return Task.FromResult(false);
            }

            _entry.IsHeld = false;
            _store.Cluster.NextSequence();
            Lose(LockLoss.Released);
        }

        return Task.FromResult(true);
    }

    public bool IsOf(InMemoryStore store) => ReferenceEquals(store, _store);

    // The members below are called under the gate.

    /// <summary>Why the lock cannot be continued; null if it can. Between the end of validity and that of the observers' wait nobody can have taken it.</summary>
    public LockLoss? LossNow()
    {
        if (_loss is { } known)
            return known;
        if (_store.Cluster.LockTable.LossOf(Token) is { } loss)
            return loss;
        return _entry.IsExpired(_store.Clock.HolderNow, _observerWait) ? LockLoss.Expired : null;
    }

    public LockLoss Lose(LockLoss why)
    {
        _loss ??= why;
        return _loss.Value;
    }

    public void Refresh() => _entry.RenewedAt = RenewedAt = _store.Clock.HolderNow;
}
