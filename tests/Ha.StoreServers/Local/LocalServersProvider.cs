namespace Ha.StoreServers.Local;

/// <summary>Servers as processes of this machine, on the loopback address.</summary>
public sealed class LocalServersProvider : IStoreServersProvider
{
    /// <inheritdoc/>
    public string Name => "local";

    /// <inheritdoc/>
    public string? UnavailableBecause(StoreKind kind) =>
        !OperatingSystem.IsLinux() ? "local servers are started on Linux only" : LocalPrograms.Find(kind, out var missing) is null ? missing : null;

    /// <inheritdoc/>
    public string? UnavailableBecause(StoreServersSpec spec) =>
        UnavailableBecause(spec.Kind) ?? (spec.Partitions || spec.DiskBytes is not null ? Cell.UnavailableBecause : null);

    /// <inheritdoc/>
    public async Task<IStoreServers> StartAsync(StoreServersSpec spec, CancellationToken cancel)
    {
        if (UnavailableBecause(spec) is { } reason)
            throw new StoreServersException(reason);
        var site = new LocalSite(spec);
        try
        {
            var cluster = await site.BuildAsync();
            await cluster.StartAsync(cancel);
            return cluster;
        }
        catch
        {
            site.Dispose();
            throw;
        }
    }
}
