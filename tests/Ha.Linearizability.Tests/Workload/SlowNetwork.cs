using System.Runtime.CompilerServices;
using Ha.Core.Stores;

namespace Ha.Linearizability.Tests.Workload;

/// <summary>A network between one client and a store that answers at once: requests and replies take a while, and some are lost or come late.</summary>
/// <param name="inner">The store.</param>
/// <param name="time">The test's time.</param>
/// <param name="random">Draws delays and losses.</param>
/// <param name="loss">How many of a hundred writes lose their request or their reply.</param>
internal sealed class SlowNetwork(IKeyValueStore inner, TimeProvider time, Random random, int loss) : IKeyValueStore
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    public StoreDescriptor Descriptor => inner.Descriptor;

    public async Task<KvEntry?> GetAsync(StoreKey key, ReadLevel level, CancellationToken cancel)
    {
        await WayAsync(cancel);
        var answer = await inner.GetAsync(key, level, cancel);
        await WayAsync(cancel);
        return answer;
    }

    public async Task<KvListing> ListAsync(StoreKey prefix, ReadLevel level, CancellationToken cancel)
    {
        await WayAsync(cancel);
        var answer = await inner.ListAsync(prefix, level, cancel);
        await WayAsync(cancel);
        return answer;
    }

    public async Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel)
    {
        switch (random.Next(100))
        {
            case var draw when draw < loss / 3:
                break; // The request is lost.
            case var draw when draw < loss * 2 / 3:
                _ = ArriveAsync(batch, Deadline * 1.5 * random.NextDouble()); // It arrives, perhaps after its sender has given up.
                break;
            default:
                await WayAsync(CancellationToken.None);
                var outcome = await inner.CommitAsync(batch, CancellationToken.None);
                if (random.Next(100) < loss / 3)
                    break; // The reply is lost.
                await WayAsync(CancellationToken.None);
                return outcome;
        }

        await Task.Delay(Deadline, time, CancellationToken.None);
        throw new StoreException(StoreError.OutcomeUnknown, Applied.Maybe, "no answer");
    }

    public async IAsyncEnumerable<WatchItem> WatchAsync(StoreKey prefix, WatchOptions options, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var item in inner.WatchAsync(prefix, options, cancel))
        {
            await WayAsync(cancel);
            yield return item;
        }
    }

    public Task<IPresence> AnnounceAsync(StoreKey key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancel) => inner.AnnounceAsync(key, value, ttl, cancel);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async Task ArriveAsync(KvBatch batch, TimeSpan delay)
    {
        await Task.Delay(delay, time, CancellationToken.None);
        await inner.CommitAsync(batch, CancellationToken.None);
    }

    private Task WayAsync(CancellationToken cancel) => Task.Delay(TimeSpan.FromMilliseconds(0.2 + (random.NextDouble() * (random.Next(20) == 0 ? 200 : 5))), time, cancel);
}
