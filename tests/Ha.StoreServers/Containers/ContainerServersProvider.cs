namespace Ha.StoreServers.Containers;

/// <summary>Servers in containers, through the Docker command line.</summary>
public sealed class ContainerServersProvider : IStoreServersProvider
{
    /// <summary>Why a container's disk does not fill.</summary>
    internal const string NoDisk = "the engine has no disk for a container that is limited in size and outlives a kill; local servers have (HA_TEST_STORES=local)";

    /// <inheritdoc/>
    public string Name => "containers";

    /// <inheritdoc/>
    public string? UnavailableBecause(StoreKind kind)
    {
        if (DockerEngine.Find(out var reason) is { } engine)
            ContainerImages.Find(engine, kind, out reason);
        return reason == "" ? null : reason;
    }

    /// <inheritdoc/>
    public string? UnavailableBecause(StoreServersSpec spec) =>
        UnavailableBecause(spec.Kind)
        ?? (spec.DiskBytes is not null ? NoDisk : null)
        ?? (spec.Partitions ? ContainerFirewall.UnavailableBecause(DockerEngine.Find(out _)!) : null);

    /// <inheritdoc/>
    public async Task<IStoreServers> StartAsync(StoreServersSpec spec, CancellationToken cancel)
    {
        if (UnavailableBecause(spec) is { } missing)
            throw new StoreServersException(missing);
        var engine = DockerEngine.Find(out _)!;
        var site = new ContainerSite(engine, await ContainerOwner.OfAsync(engine), spec, ContainerImages.Find(engine, spec.Kind, out _)!);
        try
        {
            var cluster = await site.BuildAsync();
            await cluster.StartAsync(cancel);
            return cluster;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }
}
