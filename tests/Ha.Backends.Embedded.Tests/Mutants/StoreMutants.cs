using System.Runtime.CompilerServices;
using Ha.Core.Stores;

namespace Ha.Backends.Embedded.Tests.Mutants;

/// <summary>The first revision of a key is taken for "any" (a version 0 that means no condition).</summary>
internal sealed class FirstRevisionIsNoCondition : IMutant
{
    public IKeyValueStore Break(IKeyValueStore store) => new Broken(store);

    private sealed class Broken(IKeyValueStore inner) : BrokenStore(inner)
    {
        private static readonly Dictionary<StoreKey, StoreRevision> First = [];

        public override async Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel)
        {
            lock (First)
                batch = batch with { Conditions = [.. batch.Conditions.Where(c => c.Revision is null || !First.ContainsValue(c.Revision.Value))] };
            var outcome = await Inner.CommitAsync(batch, cancel);
            lock (First)
            {
                foreach (var (key, revision) in (outcome as KvOutcome.Committed)?.Revisions ?? new Dictionary<StoreKey, StoreRevision>())
                    First.TryAdd(key, revision);
            }

            return outcome;
        }
    }
}

/// <summary>Writing the bytes that are there already does nothing and succeeds, whatever the condition.</summary>
internal sealed class SameBytesDoNothing : IMutant
{
    public IKeyValueStore Break(IKeyValueStore store) => new Broken(store);

    private sealed class Broken(IKeyValueStore inner) : BrokenStore(inner)
    {
        public override async Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel)
        {
            if (batch.Writes is not [{ Value: { } value, Key: var key }] || await Inner.GetAsync(key, ReadLevel.Linearizable, cancel) is not { } there
                || !there.Value.Span.SequenceEqual(value.Span))
                return await Inner.CommitAsync(batch, cancel);
            return new KvOutcome.Committed(1, GuardStrength.None, new Dictionary<StoreKey, StoreRevision> { [key] = there.Revision });
        }
    }
}

/// <summary>A refused batch is reported as a success.</summary>
internal sealed class RefusalIsSuccess : IMutant
{
    public IKeyValueStore Break(IKeyValueStore store) => new Broken(store);

    private sealed class Broken(IKeyValueStore inner) : BrokenStore(inner)
    {
        public override async Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel) =>
            await Inner.CommitAsync(batch, cancel) is KvOutcome.Committed committed
                ? committed
                : new KvOutcome.Committed(1, GuardStrength.None, batch.Writes.ToDictionary(w => w.Key, _ => default(StoreRevision)));
    }
}

/// <summary>A conflict names the last condition instead of the one that failed.</summary>
internal sealed class ConflictNamesWrongKey : IMutant
{
    public IKeyValueStore Break(IKeyValueStore store) => new Broken(store);

    private sealed class Broken(IKeyValueStore inner) : BrokenStore(inner)
    {
        public override async Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel) =>
            await Inner.CommitAsync(batch, cancel) is var outcome && outcome is KvOutcome.Conflict conflict
                ? conflict with { Key = batch.Conditions[^1].Key }
                : outcome;
    }
}

/// <summary>A lost answer is reported as "not sent".</summary>
internal sealed class UnknownIsUnavailable : IMutant
{
    public IKeyValueStore Break(IKeyValueStore store) => new Broken(store);

    private sealed class Broken(IKeyValueStore inner) : BrokenStore(inner)
    {
        public override async Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel)
        {
            try
            {
                return await Inner.CommitAsync(batch, cancel);
            }
            catch (StoreException e) when (e.Applied == Applied.Maybe)
            {
                throw new StoreException(StoreError.Unavailable, Applied.No, "timed out", e);
            }
        }
    }
}

/// <summary>A linearizable read is answered from what this client saw last.</summary>
internal sealed class StaleReads : IMutant
{
    public IKeyValueStore Break(IKeyValueStore store) => new Broken(store);

    private sealed class Broken(IKeyValueStore inner) : BrokenStore(inner)
    {
        private readonly Dictionary<StoreKey, KvEntry?> _seen = [];

        public override async Task<KvEntry?> GetAsync(StoreKey key, ReadLevel level, CancellationToken cancel)
        {
            var now = await Inner.GetAsync(key, level, cancel);
            var answer = _seen.GetValueOrDefault(key, now);
            _seen[key] = now;
            return answer;
        }
    }
}

/// <summary>Several writes are applied one after another, and stop at the first that is refused.</summary>
internal sealed class BatchInPieces : IMutant
{
    public IKeyValueStore Break(IKeyValueStore store) => new Broken(store);

    private sealed class Broken(IKeyValueStore inner) : BrokenStore(inner)
    {
        public override async Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel)
        {
            if (batch.Writes.Length < 2)
                return await Inner.CommitAsync(batch, cancel);
            var revisions = new Dictionary<StoreKey, StoreRevision>();
            var sequence = 0UL;
            foreach (var write in batch.Writes)
            {
                var mine = batch.Conditions.Where(c => c.Key == write.Key).ToList();
                if (await Inner.CommitAsync(batch with { Writes = [write], Conditions = [.. mine] }, cancel) is not KvOutcome.Committed piece)
                    return new KvOutcome.Conflict(write.Key, await Inner.GetAsync(write.Key, ReadLevel.Linearizable, cancel));
                sequence = piece.Sequence;
                foreach (var (key, revision) in piece.Revisions)
                    revisions[key] = revision;
            }

            return new KvOutcome.Committed(sequence, GuardStrength.None, revisions);
        }
    }
}

/// <summary>A prefix is compared as text, so that namesakes are listed.</summary>
internal sealed class PrefixIsText : IMutant
{
    public IKeyValueStore Break(IKeyValueStore store) => new Broken(store);

    private sealed class Broken(IKeyValueStore inner) : BrokenStore(inner)
    {
        public override async Task<KvListing> ListAsync(StoreKey prefix, ReadLevel level, CancellationToken cancel)
        {
            var all = await Inner.ListAsync(StoreKey.Root, level, cancel);
            return all with { Entries = [.. all.Entries.Where(e => e.Key.Value.StartsWith(prefix.Value, StringComparison.Ordinal))] };
        }
    }
}

/// <summary>What happened while a watch was cut off is not made up for.</summary>
internal sealed class WatchLosesChanges : IMutant
{
    public IKeyValueStore Break(IKeyValueStore store) => new Broken(store);

    private sealed class Broken(IKeyValueStore inner) : BrokenStore(inner)
    {
        public override IAsyncEnumerable<WatchItem> WatchAsync(StoreKey prefix, WatchOptions options, CancellationToken cancel) =>
            Inner.WatchAsync(prefix, options, cancel).Where(i => i is not WatchItem.Resync);
    }
}

/// <summary>A watch that is cut off just ends.</summary>
internal sealed class WatchEndsSilently : IMutant
{
    public IKeyValueStore Break(IKeyValueStore store) => new Broken(store);

    private sealed class Broken(IKeyValueStore inner) : BrokenStore(inner)
    {
        public override IAsyncEnumerable<WatchItem> WatchAsync(StoreKey prefix, WatchOptions options, CancellationToken cancel) =>
            Inner.WatchAsync(prefix, options, cancel).TakeWhile(i => i is not (WatchItem.Resync or WatchItem.Stalled));
    }
}

/// <summary>The snapshot is read before the stream is opened, and what happens in between is lost.</summary>
internal sealed class WatchHasGap : IMutant
{
    public IKeyValueStore Break(IKeyValueStore store) => new Broken(store);

    private sealed class Broken(IKeyValueStore inner) : BrokenStore(inner)
    {
        public override async IAsyncEnumerable<WatchItem> WatchAsync(
            StoreKey prefix, WatchOptions options, [EnumeratorCancellation] CancellationToken cancel)
        {
            var before = await Inner.ListAsync(prefix, ReadLevel.Linearizable, cancel);
            await Task.Yield();
            await foreach (var item in Inner.WatchAsync(prefix, options, cancel))
                yield return item is WatchItem.Snapshot ? new WatchItem.Snapshot(before) : item;
        }
    }
}

/// <summary>A watch never says that it has lost its store.</summary>
internal sealed class WatchHidesStall : IMutant
{
    public IKeyValueStore Break(IKeyValueStore store) => new Broken(store);

    private sealed class Broken(IKeyValueStore inner) : BrokenStore(inner)
    {
        public override IAsyncEnumerable<WatchItem> WatchAsync(StoreKey prefix, WatchOptions options, CancellationToken cancel) =>
            Inner.WatchAsync(prefix, options, cancel).Where(i => i is not WatchItem.Stalled);
    }
}
