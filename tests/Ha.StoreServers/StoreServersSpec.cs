namespace Ha.StoreServers;

/// <summary>Which servers a test wants.</summary>
/// <param name="Kind">Which server.</param>
public sealed record StoreServersSpec(StoreKind Kind)
{
    /// <summary>How many servers form the cluster: 1 if not set; 3 to lose one.</summary>
    public int Members { get; init; } = 1;

    /// <summary>How clients must prove who they are.</summary>
    public StoreSecurity Security { get; init; } = StoreSecurity.None;

    /// <summary>What servers with TLS present to clients.</summary>
    public ServerCertificate Certificate { get; init; } = ServerCertificate.Valid;

    /// <summary>Whether members must be separable from each other or from clients. Costs a network of its own and a hop per client connection,
    /// so that times measured through it are not the server's.</summary>
    public bool Partitions { get; init; }

    /// <summary>The room each member's data has, in bytes, if a full disk is wanted; null for a disk that does not fill.</summary>
    public long? DiskBytes { get; init; }

    /// <summary>Whether data must be on a real disk, whose flushes take time. Otherwise it may be in memory, which survives a killed member all the same.</summary>
    public bool OnDisk { get; init; }

    /// <summary>Server settings beyond ours, in the server's own names: etcd flags without dashes (<c>quota-backend-bytes</c>), top-level keys of
    /// Consul's configuration with JSON values, keys of <c>zoo.cfg</c>. They win over ours.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>How long the start may take until every member answers.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
