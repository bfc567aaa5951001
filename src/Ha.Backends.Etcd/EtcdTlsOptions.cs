namespace Ha.Backends.Etcd;

/// <summary>How connections are encrypted. All files are PEM and are read again for each connection, so that renewed certificates need no restart.</summary>
/// <param name="AuthorityFile">The certificates that may have signed the server's; null: those the machine trusts.</param>
/// <param name="CertificateFile">Our own certificate, with those between it and the authority after it; null: we show none.</param>
/// <param name="KeyFile">Its key; null: it is in the same file.</param>
/// <param name="ServerName">The name the server's certificate must have; null: the host of its address.</param>
public sealed record EtcdTlsOptions(string? AuthorityFile, string? CertificateFile, string? KeyFile, string? ServerName);
