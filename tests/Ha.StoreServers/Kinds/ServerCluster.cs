namespace Ha.StoreServers.Kinds;

/// <summary>Servers that we control, wherever they run.</summary>
/// <param name="plan">What they were made from.</param>
/// <param name="driver">How they are talked to; disposed with the cluster.</param>
/// <param name="members">The servers.</param>
/// <param name="unsupported">Why they cannot suffer a fault.</param>
/// <param name="remove">Removes what is left when they are dead.</param>
internal sealed class ServerCluster(
    ClusterPlan plan, StoreDriver driver, IReadOnlyList<HostedMember> members, Func<StoreFault, string?> unsupported, Func<Task> remove) : IStoreServers
{
    private bool _disposed;

    public StoreServersSpec Spec => plan.Spec;

    public IReadOnlyList<IStoreMember> Members => members;

    public StoreCredentials Credentials => plan.Secrets.Credentials;

    public string ConnectionString(string space, params IEnumerable<string> parameters)
    {
        var query = string.Join('&', parameters);
        return $"{driver.Scheme}://{string.Join(',', members.Select(m => m.Endpoint))}/{space.Trim('/')}{(query.Length > 0 ? "?" : "")}{query}";
    }

    public string? UnsupportedBecause(StoreFault fault) => unsupported(fault);

    /// <summary>Starts all members for the first time; what was made is removed if that fails.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        try
        {
            await Task.WhenAll(members.Select(m => m.StartAsync()));
            await WaitUntilReadyAsync(cancel);
            await driver.SecureAsync(cancel);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async Task<IStoreMember?> LeaderAsync(CancellationToken cancel) =>
        driver.Leader(await AskAllAsync(cancel)) is { } index ? members[index] : null;

    public Task WaitUntilReadyAsync(CancellationToken cancel) =>
        Patience.UntilAsync(
            async () =>
            {
                var reports = await AskAllAsync(cancel);
                if (members.FirstOrDefault(m => m.EndedByItself) is { } dead)
                    throw new StoreServersException($"{Spec.Kind} {dead} ended by itself:\n{dead.LastWords()}");
                return members.All(m => !m.IsRunning || reports[m.Index] is not null) && driver.Leader(reports) is not null;
            },
            Spec.StartTimeout, () => $"{Spec.Kind} did not become ready:\n{string.Join('\n', members.Select(m => $"{m}: {m.LastWords()}"))}", cancel);

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        await Task.WhenAll(members.Select(m => m.KillAsync()));
        driver.Dispose();
        await remove();
    }

    private async Task<IReadOnlyList<MemberReport?>> AskAllAsync(CancellationToken cancel) =>
        await Task.WhenAll(members.Select(m => m.IsRunning ? driver.AskAsync(m.Place, cancel) : Task.FromResult<MemberReport?>(null)));
}
