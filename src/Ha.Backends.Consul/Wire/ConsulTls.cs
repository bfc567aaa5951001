using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ha.Core.Stores;

namespace Ha.Backends.Consul.Wire;

/// <summary>Proves the servers to us and us to them. Its files are read again for each connection, so that they may be renewed while we run.</summary>
internal sealed class ConsulTls
{
    private readonly ConsulTlsOptions _options;
    private readonly TimeProvider _time;
    private volatile string? _refusal;

    /// <exception cref="StoreException">A file cannot be read or is not what it should be, or our certificate has expired.</exception>
    public ConsulTls(ConsulTlsOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        if (options.CaFile is { } authorities)
            LoadAuthorities(authorities);
        LoadOwn()?.Dispose();
    }

    /// <summary>What the last server certificate was refused for; null: none was.</summary>
    public string? Refusal => _refusal;

    public SslClientAuthenticationOptions ClientOptions()
    {
        var options = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsTrusted(certificate, chain, errors),
        };
        if (_options.CertificateFile is not null)
            options.LocalCertificateSelectionCallback = (_, _, _, _, _) => LoadOwn()!;
        return options;
    }

    private bool IsTrusted(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        _refusal = certificate is not X509Certificate2 server
            ? "it showed no certificate"
            : !IsNamed(server, errors)
                ? $"its certificate is for {Names(server)}, not for {_options.ServerName ?? "the host in the connection string"}: set server-name to a name the certificate has"
                : Verify(server, chain, errors);
        return _refusal is null;
    }

    // The HTTP client overwrites the name it is told to expect with the host it connects to: a name of ours is compared here.
    private bool IsNamed(X509Certificate2 server, SslPolicyErrors errors) =>
        _options.ServerName is { } name ? server.MatchesHostname(name, allowCommonName: false) : !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch);

    private string? Verify(X509Certificate2 server, X509Chain? sent, SslPolicyErrors errors) => _options.CaFile is { } file
        ? Verify(server, sent, file)
        : errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) ? $"its certificate is not trusted by this system ({Faults(sent)}): set ca to the file of their authority" : null;

    private string? Verify(X509Certificate2 server, X509Chain? sent, string file)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(LoadAuthorities(file));
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        if (sent is not null)
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        if (chain.Build(server))
            return null;
        return _time.GetUtcNow() > server.NotAfter
            ? $"its certificate expired on {server.NotAfter:yyyy-MM-dd}: renew it on the server"
            : $"its certificate is not signed by the authorities of '{file}' ({Faults(chain)}): check ca";
    }

    private X509Certificate2? LoadOwn()
    {
        if (_options is not { CertificateFile: { } file, KeyFile: { } key })
            return null;
        var own = Load(file, () => X509Certificate2.CreateFromPemFile(file, key));
        return _time.GetUtcNow() <= own.NotAfter
            ? own
            : throw new StoreException(StoreError.Unauthenticated, Applied.No, $"our certificate '{file}' expired on {own.NotAfter:yyyy-MM-dd}: renew it; the file is read again for each connection");
    }

    private static X509Certificate2Collection LoadAuthorities(string file) => Load(file, () =>
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        return authorities.Count > 0 ? authorities : throw new CryptographicException("it holds no certificate");
    });

    private static T Load<T>(string file, Func<T> load)
    {
        try
        {
            return load();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new StoreException(StoreError.Mismatch, Applied.No, $"the certificate file '{file}' cannot be used: {e.Message.ReplaceLineEndings(" ")}; it must be PEM, with its key if it is ours, and readable", e);
        }
    }

    private static string Names(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(e => e.EnumerateDnsNames().Concat(e.EnumerateIPAddresses().Select(a => a.ToString()))).Select(n => $"'{n}'").ToList();
        return names.Count > 0 ? string.Join(", ", names) : "no host";
    }

    private static string Faults(X509Chain? chain) =>
        chain is { ChainStatus.Length: > 0 } ? string.Join(", ", chain.ChainStatus.Select(s => s.Status)) : "unknown authority";
}
