namespace Ha.StoreServers.External;

/// <summary>Servers that somebody else runs, named by connection strings. They are used below a path of this run's own and are not broken.</summary>
/// <param name="connections">Connection strings, one for each kind of server, separated by blanks.</param>
public sealed class ExternalServersProvider(string connections) : IStoreServersProvider
{
    /// <inheritdoc/>
    public string Name => "external";

    /// <inheritdoc/>
    public string? UnavailableBecause(StoreKind kind) => Find(kind) is null
        ? $"no connection string there begins with {Scheme(kind)}:// (what is there: {(connections.Trim() is "" ? "nothing" : connections)})"
        : null;

    /// <inheritdoc/>
    public string? UnavailableBecause(StoreServersSpec spec)
    {
        if (UnavailableBecause(spec.Kind) is { } reason)
            return reason;
        var members = ExternalServers.Split(Find(spec.Kind)!).Endpoints.Length;
        return spec switch
        {
            { Security: not StoreSecurity.None } => "external servers ask for the proofs they ask for: their connection string brings them",
            { Partitions: true } => ExternalServers.Untouched,
            { DiskBytes: not null } => ExternalServers.Untouched,
            { Settings.Count: > 0 } => "external servers keep their own settings",
            { Members: var wanted } when wanted > members => $"the test needs {wanted} members, and the connection string names {members}",
            _ => null,
        };
    }

    /// <inheritdoc/>
    public async Task<IStoreServers> StartAsync(StoreServersSpec spec, CancellationToken cancel)
    {
        if (UnavailableBecause(spec) is { } reason)
            throw new StoreServersException(reason);
        var servers = new ExternalServers(spec, Find(spec.Kind)!);
        await servers.WaitUntilReadyAsync(cancel);
        return servers;
    }

    private static string Scheme(StoreKind kind) => kind switch
    {
        StoreKind.Etcd => "etcd",
        StoreKind.Consul => "consul",
        StoreKind.ZooKeeper => "zookeeper",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind"),
    };

    private string? Find(StoreKind kind) =>
        connections.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(c => c.StartsWith($"{Scheme(kind)}://", StringComparison.Ordinal));
}
