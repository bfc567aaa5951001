using System.Globalization;
using Ha.Benchmarks.Measuring;
using Ha.Core.Stores;

namespace Ha.Benchmarks.Takeover;

/// <summary>A process that takes locks and renews them every quarter of their TTL, each at moments of its own, until it is killed. It writes the moment from which
/// each confirmed renewal counts to its output, which outlives it.</summary>
internal static class LockHolder
{
    /// <summary>The word that makes this program a holder.</summary>
    public const string Command = "hold-locks";

    /// <summary>What it says when it has all locks.</summary>
    public const string Ready = "ready";

    /// <summary>The name of a lock.</summary>
    public static StoreKey NameOf(int holder, int number) => StoreKey.Of($"takeover-{holder}-{number}");

    /// <summary>Takes the locks and holds them for ever.</summary>
    /// <param name="arguments">The connection string, the holder's number, how many locks, and their TTL in seconds.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var (holder, locks, ttl) = (Number(arguments[1]), Number(arguments[2]), TimeSpan.FromSeconds(Number(arguments[3])));
        await using var store = await MeasuredStore.OpenAsync(arguments[0]);
        var handles = await Task.WhenAll(Enumerable.Range(0, locks).Select(i => TakeAsync(store, NameOf(holder, i), ttl)));
        await Console.Out.WriteLineAsync(Ready);
        await Task.WhenAll(handles.Select((handle, number) => RenewAsync(handle, number, ttl / 4)));
        return 1; // Not reached: it is killed.
    }

    private static async Task<ILockHandle> TakeAsync(ILockingKvStore store, StoreKey name, TimeSpan ttl) =>
        await store.TryAcquireAsync(name, new LockOptions("holder", ttl), default) is LockAttempt.Granted granted
            ? granted.Handle
            : throw new InvalidOperationException($"lock {name} is held by another");

    private static async Task RenewAsync(ILockHandle handle, int number, TimeSpan interval)
    {
        // So that locks that die together were not renewed together.
        await Task.Delay(interval * Random.Shared.NextDouble());
        while (true)
        {
            if (await handle.RenewAsync(default) is not RenewAnswer.Renewed)
                throw new InvalidOperationException($"lock {handle.Token.Name} was lost");
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{number} {handle.RenewedAt.SinceOrigin.Ticks}"));
            await Task.Delay(interval);
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
