namespace Ha.StoreServers.Tests;

/// <summary>What a provider's servers must do. The servers are real and know no clock of ours, so all waits are in real time.</summary>
public abstract class ServersSuite
{
    public static TheoryData<StoreKind> Kinds => [StoreKind.Etcd, StoreKind.Consul, StoreKind.ZooKeeper];

    protected abstract IStoreServersProvider Provider { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_single_server_leads_itself_and_comes_back_after_a_kill(StoreKind kind)
    {
        await using var servers = await StartAsync(new(kind));
        var only = Assert.Single(servers.Members);
        Assert.Same(only, await servers.LeaderAsync(Cancel));
        await only.KillAsync();
        Assert.False(only.IsRunning);
        Assert.Null(await servers.LeaderAsync(Cancel));
        await only.StartAsync();
        await servers.WaitUntilReadyAsync(Cancel);
        Assert.Same(only, await servers.LeaderAsync(Cancel));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_leader_that_is_killed_or_paused_or_isolated_is_succeeded(StoreKind kind)
    {
        await using var servers = await StartAsync(new(kind) { Members = 3, Partitions = true });
        var first = await servers.WaitForLeaderAsync(null, Cancel);
        await first.KillAsync();
        var second = await servers.WaitForLeaderAsync(first, Cancel);
        await first.StartAsync();
        await servers.WaitUntilReadyAsync(Cancel);

        await second.PauseAsync();
        var third = await servers.WaitForLeaderAsync(second, Cancel);
        await second.ResumeAsync();
        await servers.WaitUntilReadyAsync(Cancel);

        await third.IsolateFromPeersAsync();
        await servers.WaitForLeaderAsync(third, Cancel);
        await third.HealAsync();
        await servers.WaitUntilReadyAsync(Cancel);
    }

    private async Task<IStoreServers> StartAsync(StoreServersSpec spec)
    {
        Assert.SkipWhen(Provider.UnavailableBecause(spec) is not null, Provider.UnavailableBecause(spec) ?? "");
        return await Provider.StartAsync(spec, Cancel);
    }
}
