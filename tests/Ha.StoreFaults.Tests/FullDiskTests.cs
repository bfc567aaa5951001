using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Ha.Core.Stores;
using Ha.StoreServers;

namespace Ha.StoreFaults.Tests;

/// <summary>A store without room refuses, or gives no answer; it never says that it kept what it did not keep, and goes on when it has room.</summary>
/// <remarks>In real time: servers have no clock of ours.</remarks>
public sealed class FullDiskTests
{
    private const long Disk = 192L << 20;
    private const int ValueBytes = 200_000;
    private static readonly StoreKey Key = StoreKey.Of("x");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(30) };

    [Theory]
    [InlineData(StoreKind.Etcd)]
    [InlineData(StoreKind.Consul)]
    [InlineData(StoreKind.ZooKeeper)]
    public async Task What_a_full_disk_confirmed_is_there_when_it_has_room_again(StoreKind kind)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var servers = await StartAsync(new StoreServersSpec(kind) { DiskBytes = Disk }, cancel);
        var only = servers.Members[0];
        await using var store = await Clients.OpenAsync(servers.ConnectionString("full", "timeout=2"), cancel);
        await only.FillDiskAsync();

        // Logs have room of their own for a while.
        int confirmed = 0, sent = 0;
        while (await IsConfirmedAsync(store, ++sent, cancel))
        {
            confirmed = sent;
            Assert.True(sent < 2000, "the disk never became full");
        }

        await only.FreeDiskAsync();
        if (!only.IsRunning)
            await only.StartAsync();
        await servers.WaitUntilReadyAsync(cancel);
        await using var fresh = await Clients.OpenAsync(servers.ConnectionString("full", "timeout=2"), cancel);
        var found = await AnsweredAsync(() => fresh.GetAsync(Key, ReadLevel.Linearizable, cancel), cancel);
        var number = found is null ? 0 : BitConverter.ToInt32(found.Value.Span);
        Assert.InRange(number, confirmed, sent);
        Assert.IsType<KvOutcome.Committed>(await AnsweredAsync(() => fresh.CommitAsync(KvBatch.Empty.Put(Key, default), cancel), cancel));
    }

    [Fact]
    public async Task An_exhausted_quota_of_etcd_is_told_as_such_and_after_compaction_it_takes_writes_again()
    {
        var cancel = TestContext.Current.CancellationToken;
        var spec = new StoreServersSpec(StoreKind.Etcd) { Settings = new Dictionary<string, string> { ["quota-backend-bytes"] = $"{16 << 20}" } };
        await using var servers = await StartAsync(spec, cancel);
        await using var store = await Clients.OpenAsync(servers.ConnectionString("quota", "timeout=5"), cancel);
        var sent = 0;
        StoreException? refusal = null;
        while (refusal is null)
        {
            Assert.True(sent < 2000, "the quota never was exhausted");
            try
            {
                await store.CommitAsync(BatchOf(++sent), cancel);
            }
            catch (StoreException e)
            {
                refusal = e;
            }
        }

        Assert.Equal((StoreError.QuotaExceeded, Applied.No), (refusal.Error, refusal.Applied));
        var kept = await store.GetAsync(Key, ReadLevel.Linearizable, cancel);
        Assert.Equal(sent - 1, BitConverter.ToInt32(kept!.Value.Span));

        // What an administrator does, in the order that etcd's manual gives.
        var status = await PostAsync(servers, "maintenance/status", new { });
        await PostAsync(servers, "kv/compaction", new { revision = status.GetProperty("header").GetProperty("revision").GetString(), physical = true });
        await PostAsync(servers, "maintenance/defragment", new { });
        var member = status.GetProperty("header").GetProperty("member_id").GetString();
        await PostAsync(servers, "maintenance/alarm", new { action = "DEACTIVATE", memberID = member, alarm = "NOSPACE" });
        Assert.IsType<KvOutcome.Committed>(await store.CommitAsync(BatchOf(0), cancel));
    }

    private static async Task<bool> IsConfirmedAsync(ILockingKvStore store, int number, CancellationToken cancel)
    {
        try
        {
            return await store.CommitAsync(BatchOf(number), cancel) is KvOutcome.Committed;
        }
        catch (StoreException)
        {
            return false;
        }
    }

    private static KvBatch BatchOf(int number)
    {
        // Random, as stores and file systems may compress.
        var value = new byte[ValueBytes];
        new Random(number).NextBytes(value);
        BitConverter.TryWriteBytes(value, number);
        return KvBatch.Empty.Put(Key, value);
    }

    private static async Task<T> AnsweredAsync<T>(Func<Task<T>> call, CancellationToken cancel)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await call();
            }
            catch (StoreException) when (Stopwatch.GetElapsedTime(since) < Patience)
            {
                await Task.Delay(200, cancel); // The server has just been started.
            }
        }
    }

    private static async Task<JsonElement> PostAsync(IStoreServers servers, string method, object body)
    {
        using var reply = await Http.PostAsJsonAsync(new Uri($"http://{servers.Members[0].Endpoint}/v3/{method}"), body);
        reply.EnsureSuccessStatusCode();
        return await reply.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static Task<IStoreServers> StartAsync(StoreServersSpec spec, CancellationToken cancel)
    {
        var missing = TestServers.UnavailableBecause(spec);
        Assert.SkipWhen(missing is not null, missing ?? "");
        return TestServers.StartAsync(spec, cancel);
    }
}
