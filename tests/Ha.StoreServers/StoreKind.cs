namespace Ha.StoreServers;

/// <summary>Which server it is.</summary>
public enum StoreKind
{
    /// <summary>etcd.</summary>
    Etcd,

    /// <summary>Consul, in server mode.</summary>
    Consul,

    /// <summary>ZooKeeper.</summary>
    ZooKeeper,
}
