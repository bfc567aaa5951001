namespace Ha.StoreServers.Tests;

/// <summary>What a provider's servers must do. The servers are real and know no clock of ours, so all waits are in real time.</summary>
public abstract class ServersSuite
{
    public static TheoryData<StoreKind> Kinds => [StoreKind.Etcd, StoreKind.Consul, StoreKind.ZooKeeper];

    protected abstract IStoreServersProvider Provider { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>What this process has running at the moment: processes or containers, one line each.</summary>
    protected abstract Task<IReadOnlyList<string>> RunningAsync();

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_single_server_suffers_each_fault_and_recovers_and_is_gone_when_disposed(StoreKind kind)
    {
        var servers = await StartAsync(new(kind) { Partitions = true });
        await using var _ = servers;
        var only = Assert.Single(servers.Members);
        Assert.Same(only, await servers.LeaderAsync(Cancel));
        Assert.NotEmpty(await RunningAsync());

        await only.KillAsync();
        Assert.False(only.IsRunning);
        Assert.Equal(Answer.Refused, await ClientQuestion.AskAsync(servers, Cancel));
        Assert.Null(await servers.LeaderAsync(Cancel));
        await only.StartAsync();
        await servers.WaitUntilReadyAsync(Cancel);
        Assert.Same(only, await servers.LeaderAsync(Cancel));

        await only.IsolateFromClientsAsync();
        Assert.Equal(Answer.None, await ClientQuestion.AskAsync(servers, Cancel));
        await only.HealAsync();
        Assert.Equal(Answer.Given, await ClientQuestion.AskAsync(servers, Cancel));

        await only.PauseAsync();
        Assert.Equal(Answer.None, await ClientQuestion.AskAsync(servers, Cancel));
        Assert.True(only.IsRunning);
        await only.ResumeAsync();
        await servers.WaitUntilReadyAsync(Cancel);

        await only.PauseAsync();
        await servers.DisposeAsync();
        Assert.Empty(await RunningAsync());
        Assert.Equal(Answer.Refused, await ClientQuestion.AskAsync(servers, Cancel));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_leader_that_is_killed_or_paused_or_isolated_is_succeeded(StoreKind kind)
    {
        await using var servers = await StartAsync(Quick(new(kind) { Members = 3, Partitions = true }));
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

        await servers.KillAllAsync();
        Assert.Null(await servers.LeaderAsync(Cancel));
        await servers.StartAllAsync(Cancel);
        Assert.NotNull(await servers.LeaderAsync(Cancel));
    }

    [Theory]
    [InlineData(StoreKind.Etcd)]
    [InlineData(StoreKind.Consul)]
    public async Task A_restored_backup_has_what_was_stored_and_not_what_was_stored_since(StoreKind kind)
    {
        await using var servers = await StartAsync(new(kind) { Members = 2 });
        await StoredKeys.PutAsync(servers, "before", Cancel);
        await servers.BackUpAsync(Cancel);
        await StoredKeys.PutAsync(servers, "since", Cancel);
        Assert.True(await StoredKeys.HasAsync(servers, "since", Cancel));
        await servers.RestoreBackupAsync(Cancel);
        Assert.True(await StoredKeys.HasAsync(servers, "before", Cancel));
        Assert.False(await StoredKeys.HasAsync(servers, "since", Cancel));
    }

    /// <summary>ZooKeeper gives up a silent leader after five ticks of a second; the others take a second or two.</summary>
    private static StoreServersSpec Quick(StoreServersSpec spec) =>
        spec.Kind is StoreKind.ZooKeeper ? spec with { Settings = new Dictionary<string, string> { ["tickTime"] = "400" } } : spec;

    private async Task<IStoreServers> StartAsync(StoreServersSpec spec)
    {
        Assert.SkipWhen(Provider.UnavailableBecause(spec) is not null, Provider.UnavailableBecause(spec) ?? "");
        return await Provider.StartAsync(spec, Cancel);
    }
}
