namespace Ha.StoreServers.Kinds;

/// <summary>Servers that we control, wherever they run.</summary>
internal sealed class ServerCluster(
    StoreServersSpec spec, StoreDriver driver, IReadOnlyList<HostedMember> members, StoreCredentials credentials,
    Func<StoreFault, string?> unsupported, Func<Task> remove) : IStoreServers
{
    private bool _disposed;

    public StoreServersSpec Spec => spec;

    public IReadOnlyList<IStoreMember> Members => members;

    public StoreCredentials Credentials => credentials;

    public string ConnectionString(string space, params IEnumerable<string> parameters) =>
        ConnectionStrings.Build(driver.Scheme, members.Select(m => m.Endpoint), space, parameters);

    public string? UnsupportedBecause(StoreFault fault) => unsupported(fault);

    public async Task<IStoreMember?> LeaderAsync(CancellationToken cancel) =>
        driver.Leader(await AskAllAsync(cancel)) is { } index ? members[index] : null;

    public Task WaitUntilReadyAsync(CancellationToken cancel) =>
        Patience.UntilAsync(
            async () =>
            {
                var reports = await AskAllAsync(cancel);
                if (members.FirstOrDefault(m => m.EndedByItself) is { } dead)
                    throw new StoreServersException($"{spec.Kind} {dead} ended by itself:\n{dead.LastWords()}");
                return members.All(m => !m.IsRunning || reports[m.Index] is not null) && driver.Leader(reports) is not null;
            },
            spec.StartTimeout, () => $"{spec.Kind} did not become ready:\n{string.Join('\n', members.Select(m => $"{m}: {m.LastWords()}"))}", cancel);

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        await Task.WhenAll(members.Select(m => m.KillAsync()));
        await remove();
    }

    private async Task<IReadOnlyList<MemberReport?>> AskAllAsync(CancellationToken cancel) =>
        await Task.WhenAll(members.Select(m => m.IsRunning ? driver.AskAsync(m.Place, cancel) : Task.FromResult<MemberReport?>(null)));
}
