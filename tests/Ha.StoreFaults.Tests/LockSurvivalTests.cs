using System.Diagnostics;
using Ha.Core.Stores;
using Ha.StoreServers;

namespace Ha.StoreFaults.Tests;

/// <summary>Faults of servers that are shorter than a lock's TTL cost no lock, and a restored backup gives none away.</summary>
/// <remarks>In real time: servers have no clock of ours.</remarks>
public sealed class LockSurvivalTests
{
    private static readonly StoreKey Name = StoreKey.Of("survivor");
    private static readonly StoreKey Key = StoreKey.Of("x");
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(StoreKind.Etcd)]
    [InlineData(StoreKind.Consul)]
    [InlineData(StoreKind.ZooKeeper)]
    public async Task A_leader_that_is_stopped_and_goes_on_costs_no_lock_that_is_renewed(StoreKind kind)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var servers = await StartAsync(new StoreServersSpec(kind) { Members = 3 }, cancel);
        await SurvivesAsync(servers, await servers.WaitForLeaderAsync(null, cancel), servers.ConnectionString("survival", "timeout=3"), cancel);
    }

    [Fact]
    public async Task A_Consul_agent_that_is_stopped_and_goes_on_costs_no_lock_that_was_taken_through_it()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var servers = await StartAsync(new StoreServersSpec(StoreKind.Consul) { Members = 3 }, cancel);
        var leader = await servers.WaitForLeaderAsync(null, cancel);
        var agent = servers.Members.First(m => m != leader);
        await SurvivesAsync(servers, agent, $"consul://{agent.Endpoint}/survival?timeout=3", cancel);
    }

    [Theory]
    [InlineData(StoreKind.Etcd)]
    [InlineData(StoreKind.Consul)]
    [InlineData(StoreKind.ZooKeeper)]
    public async Task After_a_restored_backup_nothing_is_granted_and_what_is_said_of_writes_is_true(StoreKind kind)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var servers = await StartAsync(new StoreServersSpec(kind), cancel);
        await using var store = await Clients.OpenAsync(servers.ConnectionString("backup", "timeout=3"), cancel);
        await PutAsync(store, 0, cancel);
        await servers.BackUpAsync(cancel);
        for (byte i = 1; i <= 20; i++)
            await PutAsync(store, i, cancel);
        await servers.RestoreBackupAsync(cancel);

        // A write without conditions may meet the backup before anything has told of it. Then what is said of it must be true, and it is the last one.
        var first = await FailureAsync(() => store.CommitAsync(KvBatch.Empty.Put(Key, new byte[] { 98 }), cancel), cancel);
        var second = await FailureAsync(() => store.CommitAsync(KvBatch.Empty.Put(Key, new byte[] { 99 }), cancel), cancel);
        var asked = await FailureAsync(() => store.TryAcquireAsync(Name, new LockOptions("a", Ttl), cancel), cancel);
        Assert.Equal((StoreError.Regressed, StoreError.Regressed, StoreError.Regressed), (first.Error, second.Error, asked.Error));
        await using var fresh = await Clients.OpenAsync(servers.ConnectionString("backup", "timeout=3"), cancel);
        var found = (await fresh.GetAsync(Key, ReadLevel.Linearizable, cancel))!.Value.ToArray();
        Assert.Contains(found[0], new byte[] { 0, 98 });
        Assert.NotEqual(found[0] == 98 ? Applied.No : Applied.Yes, first.Applied);
        Assert.Equal(Applied.No, second.Applied);
        Assert.Equal(0UL, (await fresh.InspectAsync(Name, cancel)).Generation);
    }

    private static async Task SurvivesAsync(IStoreServers servers, IStoreMember victim, string connection, CancellationToken cancel)
    {
        await using var holder = await Clients.OpenAsync(connection, cancel);
        await using var contender = await Clients.OpenAsync(servers.ConnectionString("survival", "timeout=3"), cancel);
        var handle = Assert.IsType<LockAttempt.Granted>(await holder.TryAcquireAsync(Name, new LockOptions("holder", Ttl), cancel)).Handle;
        await victim.PauseAsync();
        var since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(since) < Pause)
            await RenewAsync();
        await victim.ResumeAsync();
        await servers.WaitUntilReadyAsync(cancel);

        while (!await RenewAsync())
            Assert.True(handle.IsHeld, "no renewal came through within the TTL");
        Assert.Null(handle.Loss);
        Assert.IsType<KvOutcome.Committed>(await holder.CommitAsync(KvBatch.Empty.GuardedBy(handle.Token).Put(Key, default), cancel));

        async Task<bool> RenewAsync()
        {
            try
            {
                Assert.IsNotType<LockAttempt.Granted>(await contender.TryAcquireAsync(Name, new LockOptions("contender", Ttl), cancel));
                Assert.IsType<RenewAnswer.Renewed>(await handle.RenewAsync(cancel));
                await Task.Delay(Renewal, cancel);
                return true;
            }
            catch (StoreException)
            {
                await Task.Delay(Renewal, cancel); // No answer; the next round asks again.
                return false;
            }
        }
    }

    private static async Task PutAsync(ILockingKvStore store, byte value, CancellationToken cancel)
    {
        var batch = KvBatch.Empty.Put(Key, new[] { value });
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                Assert.IsType<KvOutcome.Committed>(await store.CommitAsync(batch, cancel));
                return;
            }
            catch (StoreException) when (Stopwatch.GetElapsedTime(since) < Ttl)
            {
                await Task.Delay(100, cancel); // The server has just been started.
            }
        }
    }

    // The first answer that is one: connections to the server that was restarted have to be made anew.
    private static async Task<StoreException> FailureAsync(Func<Task> call, CancellationToken cancel)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            var failure = await Assert.ThrowsAsync<StoreException>(call);
            if (failure.Error != StoreError.Unavailable || Stopwatch.GetElapsedTime(since) > Ttl)
                return failure;
            await Task.Delay(100, cancel);
        }
    }

    private static Task<IStoreServers> StartAsync(StoreServersSpec spec, CancellationToken cancel)
    {
        var missing = TestServers.UnavailableBecause(spec);
        Assert.SkipWhen(missing is not null, missing ?? "");
        return TestServers.StartAsync(spec, cancel);
    }
}
