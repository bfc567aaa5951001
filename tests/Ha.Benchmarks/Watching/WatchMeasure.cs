using System.Buffers.Binary;
using System.Diagnostics;
using Ha.Benchmarks.Measuring;
using Ha.Core.Stores;
using Ha.StoreServers;

namespace Ha.Benchmarks.Watching;

/// <summary>How long after a commit another client's watch tells of it, and whether it misses anything when its connections are cut.</summary>
internal static class WatchMeasure
{
    private const int Commits = 400;
    private const int Cuts = 200;
    private const int Keys = 64;
    private const int ValueBytes = 256;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Measures.</summary>
    /// <param name="arguments">The store; all without.</param>
    public static Task<int> RunAsync(string[] arguments) => MeasuredStore.ForEachAsync(arguments.FirstOrDefault(), 1, MeasureAsync);

    private static async Task<bool> MeasureAsync(MeasuredStore measured)
    {
        await using var writer = await MeasuredStore.OpenAsync(measured.ConnectionString);
        await MeasureDeliveryAsync(measured, writer);
        return measured.Servers is not { } servers || await CutAsync(measured, servers, writer);
    }

    private static async Task MeasureDeliveryAsync(MeasuredStore measured, ILockingKvStore writer)
    {
        await using var reader = await MeasuredStore.OpenAsync(measured.ConnectionString);
        await using var mirror = await WatchMirror.StartAsync(reader, StoreKey.Of("delivery"));
        var (delivery, commit) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var i = 0; i < Commits; i++)
        {
            await Task.Delay(LongestPause * Random.Shared.NextDouble());
            var value = new byte[ValueBytes];
            BinaryPrimitives.WriteInt32LittleEndian(value, i);
            var key = StoreKey.Of($"delivery/{i % Keys}");
            var seen = mirror.SeenAsync(key, value);
            var sent = Stopwatch.GetTimestamp();
            if (await writer.CommitAsync(KvBatch.Empty.Put(key, value), default) is not KvOutcome.Committed)
                throw new InvalidOperationException("an unconditional write was refused");
            commit.Add(Stopwatch.GetElapsedTime(sent));
            delivery.Add(Stopwatch.GetElapsedTime(sent, await seen.WaitAsync(Patience)));
        }

        await Console.Out.WriteLineAsync($"{measured.Name}: {Commits} commits, sent to delivered: {new Distribution(delivery.Skip(Commits / 10)).InMilliseconds()}; sent to answered: {new Distribution(commit.Skip(Commits / 10)).InMilliseconds()}");
    }

    private static async Task<bool> CutAsync(MeasuredStore measured, IStoreServers servers, ILockingKvStore writer)
    {
        await using var proxy = new CuttingProxy(servers.Members[0].Endpoint);
        await using var reader = await MeasuredStore.OpenAsync(measured.By(proxy.Endpoint));
        var prefix = StoreKey.Of("cut");
        await using var mirror = await WatchMirror.StartAsync(reader, prefix);
        var (missed, recovery) = (0, new List<TimeSpan>());
        for (var cut = 0; cut < Cuts; cut++)
        {
            // Before, while and after it is away; among them a key that comes and goes unseen.
            var before = ChangeAsync(cut);
            proxy.CutAll();
            await before;
            var since = Stopwatch.GetTimestamp();
            await ChangeAsync(cut + 3);
            await ChangeAsync(cut + 5);
            var wanted = (await writer.ListAsync(prefix, ReadLevel.Linearizable, default)).Entries;
            if (await mirror.ShowsAsync(wanted, Patience))
                recovery.Add(Stopwatch.GetElapsedTime(since));
            else
                missed++;
        }

        await Console.Out.WriteLineAsync($"{measured.Name}: {Cuts} cuts ({proxy.Accepted} connections), missed changes: {missed}{(recovery.Count == 0 ? "" : $"; cut to right state: {new Distribution(recovery).InMilliseconds()}")}");
        return missed == 0;

        Task<KvOutcome> ChangeAsync(int number)
        {
            var key = StoreKey.Of($"cut/{number % 7}");
            return writer.CommitAsync(number % 5 == 4 ? KvBatch.Empty.Delete(key) : KvBatch.Empty.Put(key, BitConverter.GetBytes(number)), default);
        }
    }
}
