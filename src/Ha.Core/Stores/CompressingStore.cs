using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Ha.Core.Stores;

/// <summary>A store whose large values are compressed on their way in and out, so that documents fit into stores with small limits; see <see cref="DocumentCodec"/>.
/// Nobody above sees it, and values of any bytes come back as they were written.</summary>
/// <remarks>The last form of each large value is kept, so that a document which has not changed is not unpacked again.</remarks>
/// <param name="inner">The store, which it then owns.</param>
public sealed class CompressingStore(ILockingKvStore inner) : ILockingKvStore
{
    private readonly ConcurrentDictionary<StoreKey, (ReadOnlyMemory<byte> Packed, ReadOnlyMemory<byte> Text)> _last = new();

    /// <inheritdoc/>
    public StoreDescriptor Descriptor => inner.Descriptor;

    /// <inheritdoc/>
    public IStoreClock Clock => inner.Clock;

    /// <inheritdoc/>
    public async Task<KvEntry?> GetAsync(StoreKey key, ReadLevel level, CancellationToken cancel) =>
        await inner.GetAsync(key, level, cancel) is { } entry ? Unpack(entry) : null;

    /// <inheritdoc/>
    public async Task<KvListing> ListAsync(StoreKey prefix, ReadLevel level, CancellationToken cancel) =>
        Unpack(await inner.ListAsync(prefix, level, cancel));

    /// <inheritdoc/>
    public async Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var outcome = await inner.CommitAsync(batch with { Writes = [.. batch.Writes.Select(Pack)] }, cancel);
        return outcome is KvOutcome.Conflict { Current: { } current } conflict ? conflict with { Current = Unpack(current) } : outcome;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<WatchItem> WatchAsync(StoreKey prefix, WatchOptions options, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var item in inner.WatchAsync(prefix, options, cancel))
        {
            yield return item switch
            {
                WatchItem.Snapshot snapshot => new WatchItem.Snapshot(Unpack(snapshot.Listing)),
                WatchItem.Resync resync => resync with { Listing = Unpack(resync.Listing) },
                WatchItem.Changed { Now: { } now } changed => changed with { Now = Unpack(now) },
                _ => item,
            };
        }
    }

    /// <inheritdoc/>
    public Task<IPresence> AnnounceAsync(StoreKey key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancel) =>
        inner.AnnounceAsync(key, Pack(new KvWrite(key, value)).Value!.Value, ttl, cancel);

    /// <inheritdoc/>
    public Task<LockAttempt> TryAcquireAsync(StoreKey name, LockOptions options, CancellationToken cancel) => inner.TryAcquireAsync(name, options, cancel);

    /// <inheritdoc/>
    public Task<LockView> InspectAsync(StoreKey name, CancellationToken cancel) => inner.InspectAsync(name, cancel);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private KvWrite Pack(KvWrite write)
    {
        if (write.Value is not { } text)
            return write;
        var packed = DocumentCodec.Encode(write.Key, text, Descriptor.Limits.MaxValueBytes);
        if (DocumentCodec.IsPacked(packed))
            _last[write.Key] = (packed, text.ToArray()); // A copy: the caller may go on using its buffer.
        else
            _last.TryRemove(write.Key, out _);
        return write with { Value = packed };
    }

    private KvListing Unpack(KvListing listing) =>
        listing.Entries.Any(e => DocumentCodec.IsPacked(e.Value)) ? listing with { Entries = [.. listing.Entries.Select(Unpack)] } : listing;

    private KvEntry Unpack(KvEntry entry)
    {
        if (!DocumentCodec.IsPacked(entry.Value))
            return entry;
        if (_last.TryGetValue(entry.Key, out var last) && last.Packed.Span.SequenceEqual(entry.Value.Span))
            return entry with { Value = last.Text };
        try
        {
            var text = DocumentCodec.Decode(entry.Value);
            _last[entry.Key] = (entry.Value, text);
            return entry with { Value = text };
        }
        catch (DocumentException e)
        {
            throw new StoreException(StoreError.Regressed, Applied.No, $"the document '{entry.Key}' is damaged: stop all daemons, then restore it or remove it", e);
        }
    }
}
