namespace Ha.Core.Stores;

/// <summary>How a watch behaves.</summary>
/// <param name="StaleAfter">How long currency may be unproven before <see cref="WatchItem.Stalled"/> is delivered.</param>
/// <param name="BufferedKeys">How many changed keys may wait for a slow reader (merged per key) before the stream degrades to a <see cref="WatchItem.Resync"/>.</param>
public sealed record WatchOptions(TimeSpan StaleAfter, int BufferedKeys = 1024)
{
    /// <summary>Stalled after one second.</summary>
    public static WatchOptions Default { get; } = new(TimeSpan.FromSeconds(1));
}

/// <summary>One item of a watch. Items are hints to read again: see G13 to G16.</summary>
public abstract record WatchItem
{
    private WatchItem()
    {
    }

    /// <summary>Always the first item: everything under the prefix.</summary>
    /// <param name="Listing">The entries.</param>
    public sealed record Snapshot(KvListing Listing) : WatchItem;

    /// <summary>A key changed; intermediate values may have been skipped.</summary>
    /// <param name="Key">The key.</param>
    /// <param name="Now">Its entry; null: deleted.</param>
    /// <param name="Sequence">Never goes back for one key; changes of several keys may come in another order than they were made.</param>
    public sealed record Changed(StoreKey Key, KvEntry? Now, ulong Sequence) : WatchItem;

    /// <summary>Everything delivered so far is proven to be the store's state. Delivered at least every <see cref="StoreDescriptor.PollInterval"/>
    /// or every quarter of a second, whichever is longer.</summary>
    /// <param name="Sequence">The store's place.</param>
    public sealed record Current(ulong Sequence) : WatchItem;

    /// <summary>Currency has not been proven for a while; the watch goes on trying.</summary>
    /// <param name="Since">For how long.</param>
    /// <param name="Why">The last failure.</param>
    public sealed record Stalled(TimeSpan Since, string Why) : WatchItem;

    /// <summary>Changes may have been missed: this replaces everything seen.</summary>
    /// <param name="Why">What happened, for logs.</param>
    /// <param name="Listing">The entries.</param>
    public sealed record Resync(string Why, KvListing Listing) : WatchItem;
}
