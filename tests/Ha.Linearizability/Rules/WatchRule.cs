using Ha.Core.Stores;

namespace Ha.Linearizability.Rules;

/// <summary>What a watch promises (G13 to G15): a snapshot first, never back, no hole that is not announced, and in the end the store's state.</summary>
public sealed class WatchRule
{
    private readonly Dictionary<StoreKey, List<KnownCommit>> _commits;
    private readonly Dictionary<(StoreKey Key, StoreRevision Revision), ulong> _placeOf;
    private readonly IReadOnlySet<StoreKey> _perhapsDeleted;

    /// <param name="commits">All writes under the watched prefix whose answers are known.</param>
    /// <param name="perhapsDeleted">Keys with a deletion that got no answer.</param>
    public WatchRule(IEnumerable<KnownCommit> commits, IReadOnlySet<StoreKey> perhapsDeleted)
    {
        _commits = commits.GroupBy(c => c.Key).ToDictionary(g => g.Key, g => g.OrderBy(c => c.Sequence).ToList());
        _placeOf = _commits.Values.SelectMany(c => c).Where(c => c.Revision is not null).DistinctBy(c => (c.Key, c.Revision))
            .ToDictionary(c => (c.Key, c.Revision!.Value), c => c.Sequence);
        _perhapsDeleted = perhapsDeleted;
    }

    /// <summary>Checks one watch.</summary>
    /// <param name="watch">What it delivered.</param>
    /// <param name="final">What the store held in the end, when nothing was written any more.</param>
    /// <returns>A line for each breach.</returns>
    public IReadOnlyList<string> Check(WatchRecord watch, KvListing final)
    {
        ArgumentNullException.ThrowIfNull(watch);
        ArgumentNullException.ThrowIfNull(final);
        var violations = new List<string>();
        if (watch.Items.Count == 0 || watch.Items[0].Item is not WatchItem.Snapshot)
            violations.Add("the first item is not a snapshot");
        var state = new Dictionary<StoreKey, StoreRevision>();
        var placeOf = new Dictionary<StoreKey, ulong>();
        var place = 0UL;
        foreach (var (at, item) in watch.Items)
        {
            // Of a key, and of the whole: changes of several keys may be delivered in any order.
            if (item is WatchItem.Changed of)
            {
                if (of.Sequence < placeOf.GetValueOrDefault(of.Key))
                    violations.Add($"at {at}: the sequence of {of.Key} went back from {placeOf[of.Key]} to {of.Sequence}");
                placeOf[of.Key] = of.Sequence;
            }
            else if (PlaceOf(item) is { } next)
            {
                if (next < place)
                    violations.Add($"at {at}: the sequence went back from {place} to {next} ({item.GetType().Name})");
                place = next;
            }

            if (item is WatchItem.Changed { Now: { } now, Key: var key } && state.TryGetValue(key, out var known) && known == now.Revision)
                violations.Add($"at {at}: {key} at {now.Revision} was delivered twice");
            Apply(state, item);
            if (item is WatchItem.Current)
                violations.AddRange(Holes(state, place).Select(hole => $"at {at}: said to be current at {place}, but {hole}"));
        }

        if (watch.Ended is { } ended)
            violations.Add($"the stream ended by itself: {ended}");
        violations.AddRange(Differences(state, final).Select(d => $"did not converge: {d}"));
        return [.. violations.Select(v => $"watch {watch.Name}: {v}")];
    }

    private static ulong? PlaceOf(WatchItem item) => item switch
    {
        WatchItem.Snapshot snapshot => snapshot.Listing.Sequence,
        WatchItem.Resync resync => resync.Listing.Sequence,
        WatchItem.Current current => current.Sequence,
        _ => null,
    };

    private static void Apply(Dictionary<StoreKey, StoreRevision> state, WatchItem item)
    {
        switch (item)
        {
            case WatchItem.Snapshot snapshot:
                Replace(state, snapshot.Listing);
                break;
            case WatchItem.Resync resync:
                Replace(state, resync.Listing);
                break;
            case WatchItem.Changed { Now: null } changed:
                state.Remove(changed.Key);
                break;
            case WatchItem.Changed { Now: { } now } changed:
                state[changed.Key] = now.Revision;
                break;
        }
    }

    private static void Replace(Dictionary<StoreKey, StoreRevision> state, KvListing listing)
    {
        state.Clear();
        foreach (var entry in listing.Entries)
            state[entry.Key] = entry.Revision;
    }

    private static IEnumerable<string> Differences(Dictionary<StoreKey, StoreRevision> state, KvListing final)
    {
        var stored = final.Entries.ToDictionary(e => e.Key, e => e.Revision);
        foreach (var key in stored.Keys.Union(state.Keys).Order())
        {
            var (seen, held) = (Show(state, key), Show(stored, key));
            if (seen != held)
                yield return $"{key} was last seen {seen}, the store holds it {held}";
        }
    }

    private static string Show(Dictionary<StoreKey, StoreRevision> state, StoreKey key) => state.TryGetValue(key, out var revision) ? $"at {revision}" : "absent";

    // What must have been delivered, or replaced by something later, before currency at a place can be claimed.
    private IEnumerable<string> Holes(Dictionary<StoreKey, StoreRevision> state, ulong place)
    {
        foreach (var (key, commits) in _commits)
        {
            var last = commits.FindLastIndex(c => c.Sequence <= place);
            if (last < 0)
                continue;
            var due = commits[last];
            var isThere = state.TryGetValue(key, out var seen);
            var isMissing = (isThere, due.Revision) switch
            {
                (true, { } revision) when seen == revision => false,
                (true, _) => _placeOf.TryGetValue((key, seen), out var seenPlace) && seenPlace < due.Sequence,
                (false, null) => false,
                (false, _) => !_perhapsDeleted.Contains(key) && !commits.Skip(last + 1).Any(c => c.Revision is null),
            };
            if (isMissing)
                yield return $"{key} {(due.Revision is { } written ? $"at {written}" : "deleted")} of commit {due.Sequence} was not delivered: last seen {Show(state, key)}";
        }
    }
}
