using System.Globalization;
using Ha.Benchmarks.Measuring;
using Ha.Core.Stores;

namespace Ha.Benchmarks.Takeover;

/// <summary>How long after the death of a lock's holder its successor has written: a process is killed (SIGKILL) at a random moment, and another, which has watched it
/// as our daemons do, takes each of its locks and commits under its guard.</summary>
internal static class TakeoverMeasure
{
    private const int LocksAtOnce = 10;
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Bound = (Ttl * 1.1) + TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);

    /// <summary>Measures.</summary>
    /// <param name="arguments">The store, and how many rounds; all stores and 100 without.</param>
    public static Task<int> RunAsync(string[] arguments)
    {
        var rounds = arguments is [_, var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 100;
        return MeasuredStore.ForEachAsync(arguments.FirstOrDefault(), 1, store => MeasureAsync(store, rounds));
    }

    private static async Task<bool> MeasureAsync(MeasuredStore measured, int rounds)
    {
        await using var store = await MeasuredStore.OpenAsync(measured.ConnectionString);
        var (sinceDeath, sinceRenewal) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var holder = 0; sinceDeath.Count < rounds; holder++)
            await KillOneAsync(store, measured.ConnectionString, holder, Math.Min(LocksAtOnce, rounds - sinceDeath.Count), sinceDeath, sinceRenewal);

        var (times, promised) = (new Distribution(sinceDeath), new Distribution(sinceRenewal));
        var late = sinceDeath.Count(t => t > Bound);
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{measured.Name}: death to the successor's first guarded write, TTL {Ttl.TotalSeconds:0} s, {times.Count} rounds: {times.InSeconds()}; above {Bound.TotalSeconds:0.0} s: {late}; soonest after the last confirmed renewal {promised.Min.TotalSeconds:0.00} s"));
        return promised.Min >= Ttl; // Else there were two holders.
    }

    private static async Task KillOneAsync(ILockingKvStore store, string connection, int number, int locks, List<TimeSpan> sinceDeath, List<TimeSpan> sinceRenewal)
    {
        using var holder = new HolderProcess(connection, number, locks, Ttl);
        await holder.WaitUntilReadyAsync();
        var successors = Enumerable.Range(0, locks).Select(i => SucceedAsync(store, LockHolder.NameOf(number, i))).ToList();
        await Task.Delay((Ttl / 2) + (Ttl / 4 * Random.Shared.NextDouble()));
        var diedAt = holder.Kill(() => Now(store));
        var wroteAt = await Task.WhenAll(successors);
        var renewals = await holder.LastRenewalsAsync();
        sinceDeath.AddRange(wroteAt.Select(at => at - diedAt));
        sinceRenewal.AddRange(wroteAt.Select((at, i) => at - renewals[i]));
    }

    private static async Task<TimeSpan> SucceedAsync(ILockingKvStore store, StoreKey name)
    {
        while (true)
        {
            var attempt = await store.TryAcquireAsync(name, new LockOptions("successor", Ttl), default);
            if (attempt is LockAttempt.Granted { Handle: var handle })
            {
                var batch = KvBatch.Empty.GuardedBy(handle.Token).Put(StoreKey.Of($"written/{name}"), "1"u8.ToArray());
                if (await store.CommitAsync(batch, default) is not KvOutcome.Committed)
                    throw new InvalidOperationException($"the write under lock {name} was refused right after it was granted");
                var at = Now(store);
                await handle.ReleaseAsync(default);
                return at;
            }

            var wait = ((LockAttempt.Held)attempt).EarliestRetry;
            await Task.Delay(wait < Shortest ? Shortest : wait > Poll ? Poll : wait);
        }
    }

    // Suspended time counts; all processes of a machine share this clock.
    private static TimeSpan Now(ILockingKvStore store) => store.Clock.HolderNow.SinceOrigin;
}
