using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ha.Backends.Etcd.Wire;

namespace Ha.Backends.Etcd;

/// <summary>Reads the certificates and judges the server's.</summary>
internal static class EtcdTls
{
    /// <summary>What the next connection to a host encrypts with.</summary>
    /// <exception cref="EtcdTlsException">A file cannot be used: names it.</exception>
    public static SslClientAuthenticationOptions Load(EtcdTlsOptions options, string host)
    {
        var name = options.ServerName ?? host;
        var authorities = options.AuthorityFile is { } file ? Authorities(file) : null;
        return new SslClientAuthenticationOptions
        {
            TargetHost = name,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => Judge(name, options, authorities, certificate, chain, errors),
            ClientCertificateContext = options.CertificateFile is { } own ? Own(own, options.KeyFile) : null,
        };
    }

    private static X509Certificate2Collection Authorities(string file)
    {
        var authorities = new X509Certificate2Collection();
        Read(file, "ca", () => authorities.ImportFromPemFile(file));
        return authorities.Count > 0 ? authorities : throw new EtcdTlsException($"the file '{file}' (setting ca) holds no certificate: it must be PEM");
    }

    private static SslStreamCertificateContext Own(string file, string? keyFile)
    {
        X509Certificate2? own = null;
        var chain = new X509Certificate2Collection();
        Read(file, keyFile is null ? "cert" : $"cert, with key '{keyFile}'", () =>
        {
            own = X509Certificate2.CreateFromPemFile(file, keyFile);
            chain.ImportFromPemFile(file);
        });
        return SslStreamCertificateContext.Create(own!, chain, offline: true);
    }

    private static void Read(string file, string setting, Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new EtcdTlsException($"the file '{file}' (setting {setting}) cannot be used: {e.Message}", e);
        }
    }

    private static bool Judge(
        string name, EtcdTlsOptions options, X509Certificate2Collection? authorities, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 server)
            throw new EtcdTlsException("the server shows no certificate");
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            throw new EtcdTlsException($"its certificate ({server.Subject}) is not for '{name}': connect by a name it has, or set server-name");
        var statuses = authorities is null ? chain?.ChainStatus ?? [] : Verify(server, chain, authorities);
        if (authorities is null && !errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
            return true;
        if (statuses.Length == 0)
            return true;
        var why = string.Join("; ", statuses.Select(s => s.StatusInformation.Trim()).Distinct(StringComparer.Ordinal));
        throw new EtcdTlsException($"its certificate ({server.Subject}, issued by {server.Issuer}, valid until {server.NotAfter.ToUniversalTime():u}) is not trusted by {options.AuthorityFile ?? "this machine"}: {why}; check the setting ca, or renew the certificate");
    }

    private static X509ChainStatus[] Verify(X509Certificate2 server, X509Chain? offered, X509Certificate2Collection authorities)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1")); // Server authentication.
        foreach (var element in offered?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        return chain.Build(server) ? [] : chain.ChainStatus;
    }
}
