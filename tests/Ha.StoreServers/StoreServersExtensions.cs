namespace Ha.StoreServers;

/// <summary>What every cluster can do, made of what its members can do.</summary>
public static class StoreServersExtensions
{
    /// <summary>Kills all members, at once as far as possible.</summary>
    public static Task KillAllAsync(this IStoreServers servers) => Task.WhenAll(servers.Members.Select(m => m.KillAsync()));

    /// <summary>Starts all members that do not run and waits until the cluster is ready.</summary>
    public static async Task StartAllAsync(this IStoreServers servers, CancellationToken cancel)
    {
        await Task.WhenAll(servers.Members.Where(m => !m.IsRunning).Select(m => m.StartAsync()));
        await servers.WaitUntilReadyAsync(cancel);
    }

    /// <summary>Stops all members in good order and starts them again.</summary>
    public static async Task RestartAllAsync(this IStoreServers servers, CancellationToken cancel)
    {
        await Task.WhenAll(servers.Members.Select(m => m.StopAsync()));
        await servers.StartAllAsync(cancel);
    }

    /// <summary>Waits until there is a leader, another one if a former one is given.</summary>
    /// <returns>The leader.</returns>
    /// <exception cref="StoreServersException">There is none within a minute.</exception>
    public static async Task<IStoreMember> WaitForLeaderAsync(this IStoreServers servers, IStoreMember? otherThan, CancellationToken cancel)
    {
        IStoreMember? leader = null;
        await Patience.UntilAsync(async () => (leader = await servers.LeaderAsync(cancel)) is not null && leader != otherThan,
            TimeSpan.FromMinutes(1), () => Task.FromResult($"{servers.Spec.Kind} has no {(otherThan is null ? "" : "other ")}leader"), cancel);
        return leader!;
    }
}
