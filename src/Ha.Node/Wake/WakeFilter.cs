using Ha.Core.Stores;

namespace Ha.Node.Wake;

/// <summary>Decides for each item of a watch whether it wakes the daemon, by comparing with what was seen before.</summary>
/// <remarks>One for each watch: a listing stands for all there is.</remarks>
/// <param name="rules">What is of interest.</param>
public sealed class WakeFilter(WakeRules rules)
{
    private const ulong Exists = 1;

    private readonly Dictionary<StoreKey, ulong> _seen = [];

    /// <summary>Whether an item is worth a round.</summary>
    /// <param name="item">The item.</param>
    /// <param name="active">Whether the daemon is at work.</param>
    public bool Wakes(WatchItem item, bool active) => item switch
    {
        WatchItem.Snapshot snapshot => Replace(snapshot.Listing, active),
        WatchItem.Resync resync => Replace(resync.Listing, active),
        WatchItem.Changed changed => Changes(changed.Key, changed.Now?.Value, active),
        _ => false,
    };

    private bool Replace(KvListing listing, bool active)
    {
        var wakes = false;
        var gone = _seen.Keys.ToHashSet();
        foreach (var entry in listing.Entries)
        {
            gone.Remove(entry.Key);
            wakes |= Changes(entry.Key, entry.Value, active);
        }

        foreach (var key in gone)
            wakes |= Changes(key, null, active);
        return wakes;
    }

    private bool Changes(StoreKey key, ReadOnlyMemory<byte>? now, bool active)
    {
        var interest = rules.Of(key);
        if (interest == Interest.None)
            return false;
        if (interest == Interest.Filled)
            return now is { IsEmpty: false };
        ulong? mark = now is not { } bytes ? null : interest switch
        {
            Interest.Existence => Exists,
            Interest.Bytes => ContentFingerprint.Of(bytes.Span),
            _ => ContentFingerprint.WithoutTimestamp(bytes.Span),
        };
        ulong? before = _seen.TryGetValue(key, out var seen) ? seen : null;
        if (mark is { } present)
            _seen[key] = present;
        else
            _seen.Remove(key);
        return mark != before && (active || interest != Interest.ContentWhenActive);
    }
}
