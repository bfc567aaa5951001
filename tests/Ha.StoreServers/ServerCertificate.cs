namespace Ha.StoreServers;

/// <summary>What the servers present to clients when TLS is in use.</summary>
public enum ServerCertificate
{
    /// <summary>Valid for the addresses that clients connect to.</summary>
    Valid,

    /// <summary>Valid for <see cref="TlsMaterial.ServerName"/> only: a client that expects the address must refuse it.</summary>
    OtherName,

    /// <summary>Ended yesterday: clients must refuse it.</summary>
    Expired,
}
