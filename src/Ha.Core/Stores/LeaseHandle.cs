using Ha.Core.Model;

namespace Ha.Core.Stores;

/// <summary>One tenure of a lease lock.</summary>
internal sealed class LeaseHandle : ILockHandle
{
    private readonly LeaseBook _book;
    private readonly Lock _gate = new();
    private Instant _renewedAt;
    private LockLoss? _loss;
    private ulong _beats;

    /// <param name="book">The lock records.</param>
    /// <param name="token">The tenure.</param>
    /// <param name="options">How it was asked for.</param>
    /// <param name="sentAt">Just before the acquisition was sent, on the holder's clock.</param>
    public LeaseHandle(LeaseBook book, LockToken token, LockOptions options, Instant sentAt) =>
        (_book, Token, Options, _renewedAt) = (book, token, options, sentAt);

    /// <inheritdoc/>
    public LockToken Token { get; }

    public LockOptions Options { get; }

    /// <inheritdoc/>
    public Instant ValidUntil => RenewedAt + Options.Ttl;

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
            {
                if (_loss is { } known)
                    return known;
                if (!_book.IsRegressed && _book.Clock.HolderNow < _renewedAt + Options.Ttl)
                    return null;
            }

            // Whoever has seen it lost must not see it held again, whatever answer is still on its way.
            return Lose(_book.IsRegressed ? LockLoss.StoreRegressed : LockLoss.Expired);
        }
    }

    /// <inheritdoc/>
    public async Task<RenewAnswer> RenewAsync(CancellationToken cancel)
    {
        if (Loss is { } loss)
            return new RenewAnswer.Lost(loss);
        var sentAt = _book.Clock.HolderNow;
        var beat = NextBeat();
        try
        {
            var batch = KvBatch.Empty.RequireRevision(LockKeys.Owner(Token.Name), Token.OwnerRevision).Put(LockKeys.Beat(Token.Name), beat.Write());
            return await _book.CommitAsync(Token.Name, (Token.Generation, Token.Incarnation), batch, cancel) is KvOutcome.Conflict conflict
                ? new RenewAnswer.Lost(Lose(_book.LossOf(Token, conflict.Current)))
                : Renewed(sentAt);
        }
        catch (StoreException e) when (e.Applied == Applied.Maybe && !cancel.IsCancellationRequested)
        {
            var record = await LeaseDoubt.ReadBackAsync(_book, Token.Name, e, cancel);
            if (record.OwnerEntry?.Revision != Token.OwnerRevision)
                return new RenewAnswer.Lost(Lose(_book.LossOf(Token, record.OwnerEntry)));
            if (record.Beat is not { } seen || seen.Generation != beat.Generation || seen.Incarnation != beat.Incarnation || seen.Number < beat.Number)
                throw; // It may still arrive.
            return Renewed(sentAt);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> ReleaseAsync(CancellationToken cancel)
    {
        // Another may have it from the moment this is sent, whatever the answer.
        if (Lose(LockLoss.Released, silently: true) is LockLoss.Superseded or LockLoss.StoreRegressed)
            return false;
        var free = new OwnerRecord(Token.Generation, Options.Holder, Token.Incarnation, Options.Ttl, Options.RateMargin, IsHeld: false);
        try
        {
            var batch = KvBatch.Empty.RequireRevision(LockKeys.Owner(Token.Name), Token.OwnerRevision).Put(LockKeys.Owner(Token.Name), free.Write());
            if (await _book.CommitAsync(Token.Name, (Token.Generation, Token.Incarnation), batch, cancel) is not KvOutcome.Conflict conflict)
                return true;
            _book.LossOf(Token, conflict.Current);
            return false;
        }
        catch (StoreException e) when (e.Applied == Applied.Maybe && !cancel.IsCancellationRequested)
        {
            var record = await LeaseDoubt.ReadBackAsync(_book, Token.Name, e, cancel);
            if (record.OwnerEntry?.Revision == Token.OwnerRevision)
                throw; // It may still arrive.
            return _book.LossOf(Token, record.OwnerEntry) == LockLoss.Released;
        }
    }

    public bool IsOf(LeaseBook book) => ReferenceEquals(book, _book);

    public BeatRecord NextBeat() => new(Token.Generation, Token.Incarnation, Interlocked.Increment(ref _beats));

    /// <summary>Counts a confirmed renewal; too late if the handle was seen to be lost.</summary>
    public RenewAnswer Renewed(Instant sentAt)
    {
        lock (_gate)
        {
            if (_loss is { } loss)
                return new RenewAnswer.Lost(loss);
            if (sentAt > _renewedAt)
                _renewedAt = sentAt;
            return new RenewAnswer.Renewed(_renewedAt + Options.Ttl);
        }
    }

    /// <summary>Ends the tenure. The first reason stands.</summary>
    public LockLoss Lose(LockLoss why, bool silently = false)
    {
        lock (_gate)
        {
            if (_loss is { } known)
                return known;
            _loss = why;
        }

        if (!silently)
            _book.Log?.LockLost(Token.Name, why);
        return why;
    }
}
