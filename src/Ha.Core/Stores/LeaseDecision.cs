namespace Ha.Core.Stores;

/// <summary>What to do about a lock that is asked for.</summary>
internal enum LeaseStep
{
    /// <summary>Nobody ever had it, or it is free.</summary>
    TakeFree,

    /// <summary>Its holder has been silent for long enough.</summary>
    TakeExpired,

    /// <summary>It is ours and its handle is good: renew it.</summary>
    Continue,

    /// <summary>It is ours, but no handle of it is good: an acquisition whose answer was lost, or an expired tenure.</summary>
    TakeOwn,

    /// <summary>It belongs to an earlier process of the same holder, which is proven to be gone.</summary>
    Adopt,

    /// <summary>It is another's.</summary>
    Wait,
}

/// <summary>Decides about a lock that is asked for. Pure.</summary>
internal static class LeaseDecision
{
    /// <param name="record">The lock's records as just read.</param>
    /// <param name="incarnation">Who we are.</param>
    /// <param name="hasGoodHandle">Whether this process has a handle of this very tenure that is not lost.</param>
    /// <param name="silence">How long the records were witnessed unchanged.</param>
    /// <param name="options">What is asked.</param>
    public static LeaseStep Next(LeaseRecord record, Guid incarnation, bool hasGoodHandle, TimeSpan silence, LockOptions options)
    {
        if (!record.IsHeld)
            return LeaseStep.TakeFree;
        var isSameHolder = string.Equals(record.Owner.Holder, options.Holder, StringComparison.Ordinal);
        if (isSameHolder && record.Owner.Incarnation == incarnation)
            return hasGoodHandle ? LeaseStep.Continue : LeaseStep.TakeOwn;
        if (silence > WaitFor(record.Owner, options))
            return LeaseStep.TakeExpired;
        return isSameHolder && options.AdoptOwn ? LeaseStep.Adopt : LeaseStep.Wait;
    }

    /// <summary>How long to witness silence: as long as the holder was promised, and no less than the asker would be.</summary>
    public static TimeSpan WaitFor(OwnerRecord owner, LockOptions options) => owner.ObserverWait > options.ObserverWait ? owner.ObserverWait : options.ObserverWait;

    /// <summary>What must hold when a step's batch is applied. Only a take-over rests on silence, so only it needs the beat unchanged.</summary>
    public static KvBatch Conditions(LeaseStep step, StoreKey name, LeaseRecord record)
    {
        var batch = KvBatch.Empty.RequireUnchanged(LockKeys.Owner(name), record.OwnerEntry);
        return step == LeaseStep.TakeExpired || record.OwnerEntry is null ? batch.RequireUnchanged(LockKeys.Beat(name), record.BeatEntry) : batch;
    }
}
