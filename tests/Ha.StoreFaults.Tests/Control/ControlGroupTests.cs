using Ha.Core.Stores;
using Ha.StoreServers;

namespace Ha.StoreFaults.Tests.Control;

/// <summary>The safety counter can count: under one and the same fault a lock built from a native session has two holders, and the lease has not.</summary>
public sealed class ControlGroupTests(ITestOutputHelper output)
{
    private const string Gossip = """{"probe_interval":"500ms","probe_timeout":"400ms","suspicion_mult":2}""";
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);

    // In real time: the servers' gossip has no clock of ours.
    [Fact]
    public async Task Where_the_agent_of_a_holder_stops_a_session_lock_has_two_holders_and_the_lease_has_one()
    {
        var cancel = TestContext.Current.CancellationToken;
        // A session ends when gossip suspects its agent: within seven seconds with these settings on a machine with time to spare, within about twenty with the usual ones.
        var spec = new StoreServersSpec(StoreKind.Consul) { Members = 3, Settings = new Dictionary<string, string> { ["gossip_lan"] = Gossip } };
        var missing = TestServers.UnavailableBecause(spec);
        Assert.SkipWhen(missing is not null, missing ?? "");
        await using var servers = await TestServers.StartAsync(spec, cancel);
        var leader = await servers.WaitForLeaderAsync(null, cancel);
        var agent = servers.Members.First(m => m != leader);

        using var holder = new SessionLock(agent.Endpoint, Ttl);
        using var contender = new SessionLock(leader.Endpoint, Ttl);
        await using var ownHolder = await Clients.OpenAsync($"consul://{agent.Endpoint}/control", cancel);
        await using var ownContender = await Clients.OpenAsync($"consul://{leader.Endpoint}/control", cancel);
        var name = StoreKey.Of("control");
        Assert.True(await holder.TryAcquireAsync(cancel));
        Assert.False(await contender.TryAcquireAsync(cancel));
        var handle = Assert.IsType<LockAttempt.Granted>(await ownHolder.TryAcquireAsync(name, new LockOptions("holder", Ttl), cancel)).Handle;
        Assert.IsType<LockAttempt.Held>(await ownContender.TryAcquireAsync(name, new LockOptions("contender", Ttl), cancel));

        // Both renew once more; then the agent of both is stopped, and both go on believing for the time they were promised.
        var renewedAt = TimeProvider.System.GetTimestamp();
        Assert.True(await holder.TryRenewAsync(cancel));
        Assert.IsType<RenewAnswer.Renewed>(await handle.RenewAsync(cancel));
        await agent.PauseAsync();
        try
        {
            var both = await Task.WhenAll(
                GrantedAfterAsync(renewedAt, () => contender.TryAcquireAsync(cancel), cancel),
                GrantedAfterAsync(renewedAt, async () => await ownContender.TryAcquireAsync(name, new LockOptions("contender", Ttl), cancel) is LockAttempt.Granted, cancel));
            var (granted, own) = (both[0], both[1]);
            output.WriteLine($"after the last renewal the session lock was granted again at {granted.TotalSeconds:0.0} s, the lease at {own.TotalSeconds:0.0} s; both were promised {Ttl.TotalSeconds:0} s");
            output.WriteLine($"two holders: session lock {Overlap(granted).TotalMilliseconds:0} ms, lease {Overlap(own).TotalMilliseconds:0} ms");
            Assert.True(Overlap(granted) > TimeSpan.Zero, $"the session lock was granted again only after {granted}");
            Assert.Equal(TimeSpan.Zero, Overlap(own));
            Assert.False(handle.IsHeld);
        }
        finally
        {
            await agent.ResumeAsync();
        }
    }

    private static TimeSpan Overlap(TimeSpan granted) => granted < Ttl ? Ttl - granted : TimeSpan.Zero;

    private static async Task<TimeSpan> GrantedAfterAsync(long start, Func<Task<bool>> ask, CancellationToken cancel)
    {
        while (true)
        {
            if (await ask())
                return TimeProvider.System.GetElapsedTime(start);
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Ttl * 6, "the lock was not granted again");
            await Task.Delay(Step, cancel);
        }
    }
}
