namespace Ha.StoreServers;

/// <summary>How clients must prove who they are.</summary>
public enum StoreSecurity
{
    /// <summary>Anybody may do anything.</summary>
    None,

    /// <summary>TLS with a certificate authority of the cluster's own; clients need a certificate of it as well.</summary>
    MutualTls,

    /// <summary>A secret: user and password (etcd, ZooKeeper) or a token (Consul).</summary>
    Secret,
}
