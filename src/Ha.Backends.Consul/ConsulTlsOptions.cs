namespace Ha.Backends.Consul;

/// <summary>How TLS proves the servers to us and us to them. All files are PEM, and read again for each new connection.</summary>
/// <param name="CaFile">The certificate authorities servers must be signed by; null: the system's.</param>
/// <param name="CertificateFile">Our certificate, signed directly by an authority that the servers know; null: none.</param>
/// <param name="KeyFile">The key of our certificate; null exactly if there is none.</param>
/// <param name="ServerName">The name servers must have in their certificates, such as <c>server.dc1.consul</c>; null: the host of the endpoint.</param>
public sealed record ConsulTlsOptions(string? CaFile, string? CertificateFile, string? KeyFile, string? ServerName);
