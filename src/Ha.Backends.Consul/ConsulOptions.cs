using Ha.Core.Stores;

namespace Ha.Backends.Consul;

/// <summary>Checked settings of a Consul store.</summary>
/// <param name="Endpoints">The servers or agents, each <c>host:port</c>; at least one.</param>
/// <param name="Prefix">The part of Consul's key space that is ours; <c>ha</c> if not set.</param>
public sealed record ConsulOptions(IReadOnlyList<string> Endpoints, StoreKey Prefix)
{
    /// <summary>How a connection string looks.</summary>
    public const string Example = "consul://node1:8500,node2:8500,node3:8500/ha";

    /// <summary>How long a call may take in all; 0.5 to 60 s, 5 s if not set.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A file whose text is the ACL token, read again when it changes; null: no token is sent.</summary>
    public string? TokenFile { get; init; }

    /// <summary>How servers are proven; null: plain HTTP.</summary>
    public ConsulTlsOptions? Tls { get; init; }

    /// <summary>The data centre; null: that of the server asked.</summary>
    public string? DataCenter { get; init; }

    /// <summary>The namespace, of Consul Enterprise; null: the default one.</summary>
    public string? Namespace { get; init; }

    /// <summary>The servers' <c>session_ttl_min</c>: the shortest presence; 1 to 3600 s, 10 s if not set.</summary>
    public TimeSpan ShortestSession { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The servers' <c>performance.raft_multiplier</c>, by which the time to elect a leader grows; 1 to 10, 5 (Consul's own default) if not set. Only told, never sent.</summary>
    public int RaftMultiplier { get; init; } = 5;

    /// <summary>Where the store is, for messages.</summary>
    public string Location => $"{string.Join(',', Endpoints)}/{Prefix}";

    /// <summary>Reads a connection string: <c>consul://host:port,host:port/prefix?name=value</c>. The README of the project lists the settings.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.Mismatch"/>: names the wrong part and what is right.</exception>
    public static ConsulOptions Parse(StoreConnection connection) => ConsulConnectionString.Read(connection);
}
