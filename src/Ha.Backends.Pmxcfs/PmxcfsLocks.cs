using Ha.Core.Stores;

namespace Ha.Backends.Pmxcfs;

/// <summary>The cluster file system's own locks, as all its users take them: making a directory takes one, setting its time renews it, removing it gives
/// it back, and the cluster removes one that was silent for two minutes when it is asked to. All of it runs on one thread, one call after another.</summary>
internal sealed class PmxcfsLocks : IDisposable
{
    private readonly PmxcfsOptions _options;
    private readonly PmxcfsFiles _files;
    private readonly PmxcfsLockOwners _owners;
    private readonly StoreContext _context;
    private readonly PmxcfsThread _thread;
    private readonly LockWitness _witness;
    private readonly Lock _gate = new();
    private readonly Dictionary<StoreKey, PmxcfsLockHandle> _handles = [];
    private readonly Dictionary<StoreKey, Core.Model.Instant> _unnamed = [];

    public PmxcfsLocks(PmxcfsOptions options, PmxcfsFiles files, StoreContext context)
    {
        (_options, _files, _context) = (options, files, context);
        _owners = new PmxcfsLockOwners(files);
        _witness = new LockWitness(context.Clock);
        _thread = new PmxcfsThread(options, context.Time, "pmxcfs locks");
    }

    public IStoreClock Clock => _context.Clock;

    /// <summary>This process's live handle of a lock; null if it has none.</summary>
    public PmxcfsLockHandle? Held(StoreKey name)
    {
        lock (_gate)
            return _handles.GetValueOrDefault(name) is { IsHeld: true } handle ? handle : null;
    }

    public Task<LockAttempt> TryAcquireAsync(StoreKey name, LockOptions options, CancellationToken cancel)
    {
        if (options.Ttl > _options.LockTime())
            throw PmxcfsErrors.TtlTooLong(options.Ttl, _options.LockTime());
        var sentAt = Clock.HolderNow;
        return _thread.RunAsync(job => Acquire(name, options, sentAt, job), cancel);
    }

    public Task<LockView> InspectAsync(StoreKey name, CancellationToken cancel) => _thread.RunAsync(_ => Inspect(name), cancel);

    /// <summary>Renews. Null if it was renewed; else why the lock is lost, which the handle knows then.</summary>
    public Task<LockLoss?> RenewAsync(PmxcfsLockHandle handle, CancellationToken cancel) => _thread.RunAsync(job => Renew(handle, job), cancel);

    /// <summary>Gives a lock back that was held up to now.</summary>
    public Task<bool> ReleaseAsync(PmxcfsLockHandle handle, CancellationToken cancel) => _thread.RunAsync(job => Release(handle, job), cancel);

    /// <summary>Why a token does not stand for its lock any more, as far as one can see from here; null while it does. For any thread.</summary>
    public LockLoss? LossOf(LockToken token)
    {
        PmxcfsLockHandle? handle;
        lock (_gate)
            handle = _handles.GetValueOrDefault(token.Name) is { } own && own.Token == token ? own : null;
        if (handle?.Loss is { } known)
            return known;
        var loss = Seen(token);
        return loss is { } why && handle is not null ? handle.Lose(why) : loss;
    }

    public void Dispose() => _thread.Dispose();

    private LockLoss? Seen(LockToken token)
    {
        var owner = _owners.Read(token.Name);
        if (!owner.IsOf(token))
            return LockLoss.Superseded;
        if (!owner.IsHeld)
            return LockLoss.Released;
        return _files.Look(PmxcfsKeys.LockPathOf(token.Name)) is { IsFolder: true } ? null : LockLoss.Superseded;
    }

    private LockAttempt Acquire(StoreKey name, LockOptions options, Core.Model.Instant sentAt, PmxcfsJob job)
    {
        var path = PmxcfsKeys.LockPathOf(name);
        Posix.MakeFolder(_files.At(PmxcfsKeys.LockFolder)); // It is missing on a new cluster. Whether that worked shows at the next call.
        if (Held(name) is { } own && own.Holder == options.Holder && Renew(own, job) is null && own.Renewed(sentAt, options.Ttl) is RenewAnswer.Renewed)
            return new LockAttempt.Granted(own, ViewOf(name, _owners.Read(name), isThere: true).View, Adopted: true);
        var owner = _owners.Read(name);
        job.BeginChange();
        var error = Posix.MakeFolder(_files.At(path));
        if (error == Errno.Exists)
        {
            if (TryContinue(name, owner, options, path))
                return Grant(name, owner, options, sentAt, job, isThere: true);

            // Asks the cluster to remove the lock if its holder was silent for long enough. Refused in any case, unless the lock is gone just now.
            if (Posix.SetTime(_files.At(path), 0) != Errno.NoEntry || (error = Posix.MakeFolder(_files.At(path))) == Errno.Exists)
            {
                _files.RequireQuorum(); // Without it the directory may be long gone elsewhere.
                var (view, earliest) = ViewOf(name, owner, isThere: true);
                return new LockAttempt.Held(view, earliest);
            }
        }

        _files.Try(error, "take the lock", path, changing: true);
        return Grant(name, owner, options, sentAt, job, isThere: false);
    }

    // The directory is this node's, or its time could not be set; and its maker is this process, which got no further, or a predecessor that is proven gone.
    private bool TryContinue(StoreKey name, LockOwner owner, LockOptions options, string path)
    {
        var isUnnamed = _unnamed.Remove(name, out var madeAt) && Clock.HolderNow - madeAt < _options.LockTime();
        var isPredecessors = options.AdoptOwn && owner.IsHeld && owner.Holder == options.Holder;
        return (isUnnamed || isPredecessors)
            && _files.Look(path) is { } facts && Posix.SetTime(_files.At(path), Math.Max(WallSeconds, facts.Seconds)) == Errno.Ok;
    }

    private LockAttempt.Granted Grant(StoreKey name, LockOwner before, LockOptions options, Core.Model.Instant sentAt, PmxcfsJob job, bool isThere)
    {
        _unnamed[name] = sentAt;
        var owner = new LockOwner(before.Generation + 1, options.Holder, _context.Incarnation, options.Ttl, IsHeld: true);
        _owners.Write(name, owner, job);
        _unnamed.Remove(name);
        var time = _files.Look(PmxcfsKeys.LockPathOf(name))?.Seconds ?? 0;
        var handle = new PmxcfsLockHandle(this, owner.TokenOf(name), options, sentAt, time);
        lock (_gate)
            _handles[name] = handle;
        var isAdopted = isThere && before.IsHeld && before.Holder == options.Holder;
        var previous = isAdopted ? new LockView(before.Holder, before.Generation, before.Ttl, TimeSpan.Zero, Expired: false) : Free(before);
        _witness.Forget(name);
        return new LockAttempt.Granted(handle, previous, isAdopted);
    }

    private LockLoss? Renew(PmxcfsLockHandle handle, PmxcfsJob job)
    {
        var path = PmxcfsKeys.LockPathOf(handle.Token.Name);
        if (handle.Loss is { } known)
            return known;
        var owner = _owners.Read(handle.Token.Name);
        if (!owner.IsOf(handle.Token))
            return handle.Lose(LockLoss.Superseded);
        job.BeginChange();
        var time = Math.Max(WallSeconds, handle.DirectoryTime);
        var error = Posix.SetTime(_files.At(path), time);
        if (error == Errno.NoEntry && _files.IsMounted)
            return handle.Lose(LockLoss.Superseded);
        // Refused without quorum, and where another node has taken it in the meantime: the validity runs out, unless a later renewal succeeds.
        _files.Try(error, "renew the lock", path, changing: true);
        handle.DirectoryTime = time;
        return null;
    }

    private bool Release(PmxcfsLockHandle handle, PmxcfsJob job)
    {
        var (name, path) = (handle.Token.Name, PmxcfsKeys.LockPathOf(handle.Token.Name));
        var owner = _owners.Read(name);
        if (!owner.IsOf(handle.Token) || Clock.HolderNow >= handle.ValidUntil)
            return false;
        // First the record: a directory that stays behind must not be taken for a predecessor's.
        _owners.Write(name, owner with { IsHeld = false }, job);
        var error = Posix.RemoveFolder(_files.At(path));
        if (error != Errno.NoEntry)
            _files.Try(error, "release the lock", path, changing: true);
        return error == Errno.Ok;
    }

    private LockView Inspect(StoreKey name)
    {
        var owner = _owners.Read(name);
        var isThere = _files.Look(PmxcfsKeys.LockPathOf(name)) is { IsFolder: true };
        _files.RequireQuorum();
        return ViewOf(name, owner, isThere).View;
    }

    private (LockView View, TimeSpan EarliestRetry) ViewOf(StoreKey name, LockOwner owner, bool isThere)
    {
        if (!isThere || _files.Look(PmxcfsKeys.LockPathOf(name)) is not { } facts)
        {
            _witness.Forget(name);
            return (Free(owner), TimeSpan.Zero);
        }

        var (silence, earliest) = _witness.Look(name, facts.Seconds, _options.LockTime());
        return owner.IsHeld
            ? (new LockView(owner.Holder, owner.Generation, owner.Ttl, silence, Expired: false), earliest)
            : (new LockView("another program", owner.Generation, _options.LockTime(), silence, Expired: false), earliest);
    }

    private static LockView Free(LockOwner owner) => new(null, owner.Generation, TimeSpan.Zero, TimeSpan.Zero, Expired: false);

    private long WallSeconds => _context.Time.GetUtcNow().ToUnixTimeSeconds();
}
