using Ha.Linearizability.Faults;
using Ha.StoreServers;

namespace Ha.StoreFaults.Tests.Faults;

/// <summary>Something happens to one server of a cluster. That it took effect shows in what the servers say of themselves.</summary>
internal abstract class ServerFault(IStoreServers servers, string name) : IFault
{
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestUnnoticed = TimeSpan.FromSeconds(20);

    public string Name => name;

    protected IStoreServers Servers => servers;

    protected IStoreMember? Leader { get; private set; }

    protected IStoreMember? Victim { get; private set; }

    public async Task StrikeAsync(CancellationToken cancel)
    {
        Leader = await servers.WaitForLeaderAsync(null, cancel);
        Victim = Choose(Leader);
        await StrikeAsync(Victim);
    }

    public async Task<string?> EvidenceAsync(CancellationToken cancel)
    {
        // ZooKeeper needs about ten seconds to give up on a server it cannot reach.
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await LookAsync(cancel) is { } evidence)
                return evidence;
            if (TimeProvider.System.GetElapsedTime(start) > LongestUnnoticed)
                return null;
            await Task.Delay(BetweenLooks, cancel);
        }
    }

    public async Task HealAsync(CancellationToken cancel)
    {
        if (Victim is not null)
            await HealAsync(Victim);
        await servers.WaitUntilReadyAsync(cancel);
    }

    protected virtual IStoreMember Choose(IStoreMember leader) => leader;

    protected abstract Task StrikeAsync(IStoreMember victim);

    protected abstract Task HealAsync(IStoreMember victim);

    protected IStoreMember Follower(IStoreMember leader) => servers.Members.First(m => m != leader);

    private async Task<string?> LookAsync(CancellationToken cancel)
    {
        if (Victim is null)
            return null;
        if (!Victim.IsRunning)
            return $"{Victim.Name}, {(Victim == Leader ? "the leader" : "a follower")}, does not run";
        if (await servers.LeaderAsync(cancel) is { } now && now != Leader)
            return $"{now.Name} leads instead of {Leader!.Name}";

        // A paused or isolated member keeps the cluster from being ready.
        using var glance = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        glance.CancelAfter(Glance);
        try
        {
            await servers.WaitUntilReadyAsync(glance.Token);
            return null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return $"{Victim.Name}, {(Victim == Leader ? "the leader" : "a follower")}, is not ready";
        }
    }
}

/// <summary>The leader dies and is started again.</summary>
internal sealed class LeaderKilled(IStoreServers servers) : ServerFault(servers, "kill the leader")
{
    protected override Task StrikeAsync(IStoreMember victim) => victim.KillAsync();

    protected override Task HealAsync(IStoreMember victim) => victim.IsRunning ? Task.CompletedTask : victim.StartAsync();
}

/// <summary>The leader is stopped, and then goes on as if nothing had happened.</summary>
internal sealed class LeaderPaused(IStoreServers servers) : ServerFault(servers, "pause the leader")
{
    protected override Task StrikeAsync(IStoreMember victim) => victim.PauseAsync();

    protected override Task HealAsync(IStoreMember victim) => victim.ResumeAsync();
}

/// <summary>The leader cannot reach the others, but clients can reach it.</summary>
internal sealed class LeaderPartitioned(IStoreServers servers) : ServerFault(servers, "partition the leader")
{
    protected override Task StrikeAsync(IStoreMember victim) => victim.IsolateFromPeersAsync();

    protected override Task HealAsync(IStoreMember victim) => victim.HealAsync();
}

/// <summary>A follower cannot reach the others, but clients can reach it.</summary>
internal sealed class FollowerPartitioned(IStoreServers servers) : ServerFault(servers, "partition a follower")
{
    protected override IStoreMember Choose(IStoreMember leader) => Follower(leader);

    protected override Task StrikeAsync(IStoreMember victim) => victim.IsolateFromPeersAsync();

    protected override Task HealAsync(IStoreMember victim) => victim.HealAsync();
}
