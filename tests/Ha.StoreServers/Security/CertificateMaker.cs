using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ha.StoreServers.Security;

/// <summary>A certificate authority in memory.</summary>
internal sealed class CertificateMaker : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 _authority;

    /// <summary>Makes an authority.</summary>
    public CertificateMaker(string name)
    {
        using var key = NewKey();
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(30));
    }

    /// <summary>The authority's certificate.</summary>
    public string Pem => _authority.ExportCertificatePem();

    /// <summary>Signs a certificate for a server: valid for a name, and for the loopback address unless told otherwise.</summary>
    /// <remarks>etcd also uses it as a client, toward itself.</remarks>
    public PemPair Server(ServerCertificate kind)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(TlsMaterial.ServerName);
        if (kind is not ServerCertificate.OtherName)
        {
            names.AddDnsName("localhost");
            names.AddIpAddress(IPAddress.Loopback);
        }

        return Sign(TlsMaterial.ServerName, names.Build(), expired: kind is ServerCertificate.Expired, ServerAuthentication, ClientAuthentication);
    }

    /// <summary>Signs a certificate for a client.</summary>
    public PemPair Client(string name, bool expired = false) => Sign(name, null, expired, ClientAuthentication);

    public void Dispose() => _authority.Dispose();

    private static ECDsa NewKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private PemPair Sign(string name, X509Extension? names, bool expired, params IEnumerable<string> usages)
    {
        using var key = NewKey();
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. usages.Select(u => new Oid(u))], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_authority, true, false));
        if (names is not null)
            request.CertificateExtensions.Add(names);
        var end = DateTimeOffset.UtcNow.AddDays(expired ? -1 : 10);
        using var certificate = request.Create(_authority, DateTimeOffset.UtcNow.AddDays(-10), end, RandomNumberGenerator.GetBytes(12));
        return new(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}

/// <summary>A certificate and its key as texts.</summary>
internal sealed record PemPair(string Certificate, string Key);
