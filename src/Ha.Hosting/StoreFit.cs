using Ha.Core.Config;
using Ha.Core.Stores;

namespace Ha.Hosting;

/// <summary>Whether a store can carry a timing profile.</summary>
public static class StoreFit
{
    /// <summary>Compares a profile with what an open store says of itself.</summary>
    /// <returns>One line for each thing that does not fit, with its numbers and the remedy; empty if all does.</returns>
    public static IReadOnlyList<string> Check(TimingProfile profile, StoreDescriptor store)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(store);
        var misfits = new List<string>();
        var (shortest, longest) = (store.Limits.MinPresenceTtl, store.Limits.MaxPresenceTtl);
        if (!store.Can(StoreCapabilities.LinearizableRead) && !store.Can(StoreCapabilities.ReadsFollowLocks))
            misfits.Add($"store '{store.Kind}' has no linearizable reads, on which decisions rest: choose another store");
        if (!store.Can(StoreCapabilities.Presence) && !store.Can(StoreCapabilities.Membership))
            misfits.Add($"store '{store.Kind}' cannot announce presence, by which nodes are seen online: choose another store");
        else if (store.Can(StoreCapabilities.Presence) && profile.PresenceTtl > longest)
            misfits.Add($"profile '{profile.Name}' announces presence for {Seconds(profile.PresenceTtl)}, but store '{store.Kind}' carries {Seconds(shortest)} to {Seconds(longest)}: choose another profile or set Timing:PresenceTtl");
        // Silence counts as witnessed only if it is looked at four times in a lease.
        if (store.PollInterval > profile.LockTtl / 4)
            misfits.Add($"store '{store.Kind}' notices changes only every {Seconds(store.PollInterval)}, which is more than a quarter of the {Seconds(profile.LockTtl)} that a lock of profile '{profile.Name}' lives: choose a profile with a lease of at least {Seconds(store.PollInterval * 4 * (1 + profile.RateMargin))}");
        return misfits;
    }

    /// <summary>How long presence lasts on a store: as the profile says, or the shortest that the store carries.</summary>
    public static TimeSpan PresenceOn(TimingProfile profile, StoreDescriptor store)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(store);
        return profile.PresenceTtl < store.Limits.MinPresenceTtl ? store.Limits.MinPresenceTtl : profile.PresenceTtl;
    }

    /// <summary>What an administrator should know of a profile on a store: safe, but slower or more easily fenced than the profile promises.</summary>
    /// <returns>One line for each, with its numbers and the remedy; empty if there is nothing.</returns>
    public static IReadOnlyList<string> Warnings(TimingProfile profile, StoreDescriptor store)
    {
        var warnings = new List<string>();
        var presence = PresenceOn(profile, store);
        if (presence > profile.PresenceTtl)
            warnings.Add($"a lost node will be noticed later than profile '{profile.Name}' promises: its presence should last {Seconds(profile.PresenceTtl)}, but store '{store.Kind}' carries {Seconds(presence)} at least; lower the servers' limit or choose a profile with a longer Timing:PresenceTtl");
        if (store.Failover is { } failover && failover.Worst > profile.BlipBudget)
            warnings.Add($"losing a server of store '{store.Kind}' may cost up to {Seconds(failover.Worst)} without an answer, but profile '{profile.Name}' resets a node that could not renew for {Seconds(profile.BlipBudget)} (client window {Seconds(profile.ClientWindow)} − renewal {Seconds(profile.Renewal)}): {failover.Remedy}, or choose a profile with a longer client window");
        return warnings;
    }

    private static string Seconds(TimeSpan span) => $"{span.TotalSeconds:0.###} s";
}
