using System.Security.Cryptography;

namespace Ha.StoreServers.Security;

/// <summary>Everything secret of one cluster, made when it starts.</summary>
/// <param name="Credentials">The clients' part.</param>
/// <param name="Server">The servers' certificate, if they use TLS.</param>
/// <param name="Authority">What the servers trust, if they use TLS.</param>
internal sealed record ClusterSecrets(StoreCredentials Credentials, PemPair? Server, string? Authority)
{
    /// <summary>Makes what a specification asks for.</summary>
    /// <param name="spec">What was asked for.</param>
    /// <param name="folder">A folder for the clients' files; it is made if needed.</param>
    public static ClusterSecrets Create(StoreServersSpec spec, string folder) => spec.Security switch
    {
        StoreSecurity.None => new(StoreCredentials.None, null, null),
        StoreSecurity.Secret => new(Secrets(spec.Kind, Directory.CreateDirectory(folder).FullName), null, null),
        StoreSecurity.MutualTls => Tls(spec.Certificate, Directory.CreateDirectory(folder).FullName),
        _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Security, "no such security"),
    };

    private static StoreCredentials Secrets(StoreKind kind, string folder)
    {
        if (kind is StoreKind.Consul)
            return new() { Full = Secret(null, Guid.NewGuid().ToString(), "token"), Limited = Secret(null, Guid.NewGuid().ToString(), "limited-token") };
        return new() { Full = Secret("root", NewPassword(), "password"), Limited = Secret("limited", NewPassword(), "limited-password") };

        StoreSecret Secret(string? user, string value, string file) => new(user, value, Write(folder, file, value));
    }

    private static ClusterSecrets Tls(ServerCertificate server, string folder)
    {
        using var authority = new CertificateMaker("ha test authority");
        using var foreign = new CertificateMaker("ha foreign authority");
        var material = new TlsMaterial(
            Write(folder, "ca.pem", authority.Pem),
            Write(folder, "client", authority.Client(TlsMaterial.ClientName)),
            Write(folder, "foreign-ca.pem", foreign.Pem),
            Write(folder, "foreign-client", foreign.Client(TlsMaterial.ClientName)),
            Write(folder, "expired-client", authority.Client(TlsMaterial.ClientName, expired: true)));
        return new(new() { Tls = material }, authority.Server(server), authority.Pem);
    }

    private static CertificateFiles Write(string folder, string name, PemPair pair) =>
        new(Write(folder, $"{name}.pem", pair.Certificate), Write(folder, $"{name}.key", pair.Key));

    private static string Write(string folder, string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static string NewPassword() => RandomNumberGenerator.GetHexString(20, lowercase: true);
}
