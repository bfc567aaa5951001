namespace Ha.StoreServers;

/// <summary>Certificates of a cluster and of its clients, as PEM files; keys are unencrypted. What is wrong with one is in its name.</summary>
/// <param name="Authority">The authority that signed the servers' certificates and that clients should trust.</param>
/// <param name="Client">A client the servers let in.</param>
/// <param name="ForeignAuthority">Another authority: a client that trusts only it must refuse the servers.</param>
/// <param name="ForeignClient">A client of the other authority: the servers must refuse it.</param>
/// <param name="ExpiredClient">A client whose certificate ended yesterday: the servers must refuse it.</param>
public sealed record TlsMaterial(
    string Authority, CertificateFiles Client, string ForeignAuthority, CertificateFiles ForeignClient, CertificateFiles ExpiredClient)
{
    /// <summary>A name that the servers' certificates are valid for, besides <c>127.0.0.1</c>; with <see cref="ServerCertificate.OtherName"/> the only one.</summary>
    public const string ServerName = "store.ha.test";

    /// <summary>The name in <see cref="Client"/>, which ZooKeeper knows the client by.</summary>
    public const string ClientName = "ha-client";
}

/// <summary>A certificate and its key.</summary>
/// <param name="Certificate">The certificate's PEM file.</param>
/// <param name="Key">The key's PEM file (PKCS #8).</param>
public sealed record CertificateFiles(string Certificate, string Key);
