using Ha.Core.Stores;

namespace Ha.Backends.Pmxcfs;

/// <summary>Commits. The file system compares nothing: conditions are checked under the lock that all its users change configuration under, guards
/// just before writing.</summary>
internal sealed class PmxcfsCommits(PmxcfsOptions options, PmxcfsFiles files, PmxcfsDocuments documents, PmxcfsLocks locks, PmxcfsSequence sequence)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    public KvOutcome Commit(KvBatch batch, PmxcfsJob job)
    {
        if (batch.Conditions.IsEmpty || batch.Writes.IsEmpty || locks.Held(DocumentKeys.ConfigurationLock) is not null)
            return Apply(batch, job, static () => { });
        var path = PmxcfsKeys.LockPathOf(DocumentKeys.ConfigurationLock);
        var takenAt = Take(path, job);
        try
        {
            return Apply(batch, job, RequireLock);
        }
        finally
        {
            // One that is older may be another's by now. If this fails, it is removed for being silent.
            if (locks.Clock.HolderNow - takenAt < options.LockTime() / 2)
                Posix.RemoveFolder(files.At(path));
        }

        void RequireLock()
        {
            if (locks.Clock.HolderNow - takenAt >= options.LockTime() / 2)
                throw new StoreException(StoreError.Unavailable, Applied.No, "the configuration lock 'domain-ha' was held for too long: nothing was changed; try again");
        }
    }

    private KvOutcome Apply(KvBatch batch, PmxcfsJob job, Action requireLock)
    {
        if (batch.Guard is { } guard && locks.LossOf(guard) is { } loss)
            return new KvOutcome.LockLost(loss);
        if (documents.Conflict(batch) is { } conflict)
            return conflict;
        files.RequireQuorum();
        var revisions = new Dictionary<StoreKey, StoreRevision>();
        foreach (var write in batch.Writes)
        {
            requireLock();
            if (documents.Write(write, job) is { } revision)
                revisions[write.Key] = revision;
        }

        return new KvOutcome.Committed(sequence.Next(), batch.Guard is null ? GuardStrength.None : GuardStrength.Advisory, revisions);
    }

    private Core.Model.Instant Take(string path, PmxcfsJob job)
    {
        Posix.MakeFolder(files.At(PmxcfsKeys.LockFolder)); // It is missing on a new cluster. Whether that worked shows at the next call.
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            if (job.IsTakenBack)
                throw new OperationCanceledException();
            var askedAt = locks.Clock.HolderNow;
            var error = Posix.MakeFolder(files.At(path));
            if (error == Errno.Ok)
                return askedAt;
            if (error != Errno.Exists)
                throw files.Failure(error, "take the lock", path, changing: false);
            Posix.SetTime(files.At(path), 0); // If its holder was killed, the cluster removes it in time.
            if (job.Remaining <= pause)
                throw PmxcfsErrors.LockedConfiguration(options);
            Thread.Sleep(pause); // On the thread that is there to wait.
        }
    }
}
