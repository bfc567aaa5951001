using Ha.StoreServers.Kinds;

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
    public async Task<IStoreServers> StartAsync(StoreServersSpec spec, CancellationToken cancel)
    {
        if (UnavailableBecause(spec.Kind) is { } reason)
            throw new StoreServersException(reason);
        if (spec.Security is not StoreSecurity.None)
            throw new StoreServersException($"{spec.Security} is not there yet");
        if (spec.Partitions)
            throw new StoreServersException("partitions are not there yet");
        if (spec.DiskBytes is not null)
            throw new StoreServersException("disks of their own are not there yet");
        var driver = StoreDriver.Of(spec.Kind);
        var ports = new PortReservation();
        var folder = ServerFolder.Create(spec.Members, spec.OnDisk);
        var places = Enumerable.Range(0, spec.Members).Select(i => Place(i, ports, folder)).ToList();
        var programs = LocalPrograms.Find(spec.Kind, out _)!;
        var members = places.ConvertAll(p => new LocalMember(p, driver.Program(programs, p, places, spec)));
        var cluster = new ServerCluster(spec, driver, members, StoreCredentials.None, Unsupported, () => RemoveAsync(members, ports, folder));
        try
        {
            await Task.WhenAll(members.Select(m => m.StartAsync()));
            await cluster.WaitUntilReadyAsync(cancel);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    private static MemberPlace Place(int index, PortReservation ports, ServerFolder folder)
    {
        var member = Directory.CreateDirectory(Path.Combine(folder.Path, $"m{index + 1}")).FullName;
        var client = ports.Take();
        return new(index, "127.0.0.1", client, "127.0.0.1", (ports.Take(), ports.Take()), $"127.0.0.1:{client}", member);
    }

    private static string? Unsupported(StoreFault fault) => fault switch
    {
        StoreFault.Kill or StoreFault.Pause => null,
        StoreFault.IsolateFromPeers or StoreFault.IsolateFromClients => LocalFaults.NeedsPartitions,
        StoreFault.FillDisk => LocalFaults.NeedsDiskBytes,
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "no such fault"),
    };

    private static Task RemoveAsync(IEnumerable<LocalMember> members, PortReservation ports, ServerFolder folder)
    {
        foreach (var member in members)
            member.Dispose();
        ports.Dispose();
        folder.Dispose();
        return Task.CompletedTask;
    }
}
