using Ha.StoreServers.Local;

namespace Ha.StoreServers.Tests;

/// <summary>Real servers, so real time.</summary>
public sealed class LocalServersTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Etcd)]
    [InlineData(StoreKind.Consul)]
    [InlineData(StoreKind.ZooKeeper)]
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
    [InlineData(StoreKind.Etcd)]
    [InlineData(StoreKind.Consul)]
    [InlineData(StoreKind.ZooKeeper)]
    public async Task A_killed_and_a_paused_leader_are_succeeded(StoreKind kind)
    {
        await using var servers = await StartAsync(new(kind) { Members = 3 });
        var first = await servers.WaitForLeaderAsync(null, Cancel);
        await first.KillAsync();
        var second = await servers.WaitForLeaderAsync(first, Cancel);
        await first.StartAsync();
        await servers.WaitUntilReadyAsync(Cancel);
        await second.PauseAsync();
        Assert.NotSame(second, await servers.WaitForLeaderAsync(second, Cancel));
        await second.ResumeAsync();
        await servers.WaitUntilReadyAsync(Cancel);
    }

    private static async Task<IStoreServers> StartAsync(StoreServersSpec spec)
    {
        var provider = new LocalServersProvider();
        Assert.SkipWhen(provider.UnavailableBecause(spec.Kind) is { } reason, provider.UnavailableBecause(spec.Kind) ?? "");
        return await provider.StartAsync(spec, Cancel);
    }
}
