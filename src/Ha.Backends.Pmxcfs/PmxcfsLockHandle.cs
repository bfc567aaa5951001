using Ha.Core.Model;
using Ha.Core.Stores;

namespace Ha.Backends.Pmxcfs;

/// <summary>One tenure of a lock directory.</summary>
internal sealed class PmxcfsLockHandle : ILockHandle
{
    private readonly PmxcfsLocks _locks;
    private readonly Lock _gate = new();
    private Instant _renewedAt;
    private TimeSpan _ttl;
    private LockLoss? _loss;

    public PmxcfsLockHandle(PmxcfsLocks locks, LockToken token, LockOptions options, Instant sentAt, long directoryTime) =>
        (_locks, Token, Holder, _ttl, _renewedAt, DirectoryTime) = (locks, token, options.Holder, options.Ttl, sentAt, directoryTime);

    /// <inheritdoc/>
    public LockToken Token { get; }

    public string Holder { get; }

    /// <summary>The last modification time given to the directory: it must not go back, also when the wall clock does. Used on the locks' thread.</summary>
    public long DirectoryTime { get; set; }

    /// <inheritdoc/>
    public Instant ValidUntil
    {
        get
        {
            lock (_gate)
                return _renewedAt + _ttl;
        }
    }

    /// <inheritdoc/>
    public Instant RenewedAt
    {
        get
        {
            lock (_gate)
                return _renewedAt;
        }
    }

    /// <inheritdoc/>
    public bool IsHeld => Loss is null;

    /// <inheritdoc/>
    public LockLoss? Loss
    {
        get
        {
            lock (_gate)
                return LossNow();
        }
    }

    /// <inheritdoc/>
    public async Task<RenewAnswer> RenewAsync(CancellationToken cancel)
    {
        if (Loss is { } loss)
            return new RenewAnswer.Lost(loss);
        var sentAt = _locks.Clock.HolderNow;
        return await _locks.RenewAsync(this, cancel) is { } lost ? new RenewAnswer.Lost(lost) : Renewed(sentAt);
    }

    /// <inheritdoc/>
    public Task<bool> ReleaseAsync(CancellationToken cancel) =>
        // Another may have it from the moment this is sent, whatever the answer. What was lost before is not ours to give back.
        Loss is null && Lose(LockLoss.Released) == LockLoss.Released ? _locks.ReleaseAsync(this, cancel) : Task.FromResult(false);

    public bool IsOf(PmxcfsLocks locks) => ReferenceEquals(locks, _locks);

    /// <summary>Counts a confirmed renewal; too late if the handle was seen to be lost.</summary>
    public RenewAnswer Renewed(Instant sentAt, TimeSpan? ttl = null)
    {
        lock (_gate)
        {
            // Between the end of validity and this answer another process of this node may have taken the lock: the file system would not tell.
            if (LossNow() is { } loss)
                return new RenewAnswer.Lost(loss);
            _ttl = ttl ?? _ttl;
            if (sentAt > _renewedAt)
                _renewedAt = sentAt;
            return new RenewAnswer.Renewed(_renewedAt + _ttl);
        }
    }

    /// <summary>Ends the tenure. The first reason stands.</summary>
    public LockLoss Lose(LockLoss why)
    {
        lock (_gate)
        {
            _loss ??= why;
            return _loss.Value;
        }
    }

    // Whoever has seen it lost must not see it held again, whatever answer is still on its way.
    private LockLoss? LossNow() => _loss ??= _locks.Clock.HolderNow >= _renewedAt + _ttl ? LockLoss.Expired : null;
}
