using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ha.Core.Stores;

namespace Ha.Backends.ZooKeeper.Wire;

/// <summary>Opens connections, plain or encrypted.</summary>
internal static class Transport
{
    /// <summary>Connects to one address of a server.</summary>
    /// <exception cref="SocketException">Refused, or unreachable.</exception>
    /// <exception cref="StoreException"><see cref="StoreError.Mismatch"/> or <see cref="StoreError.Unauthenticated"/>: no agreement about certificates.</exception>
    public static async Task<Stream> OpenAsync(Endpoint endpoint, IPAddress address, ZooKeeperTls? tls, CancellationToken cancel)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, endpoint.Port), cancel);
            var stream = new NetworkStream(socket, ownsSocket: true);
            return tls is null ? stream : await EncryptAsync(stream, endpoint, tls, cancel);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<Stream> EncryptAsync(NetworkStream plain, Endpoint endpoint, ZooKeeperTls tls, CancellationToken cancel)
    {
        var name = tls.ServerName ?? endpoint.Host;
        string? distrust = null;
        var options = Options(tls, name);
        options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
        {
            distrust = errors == SslPolicyErrors.None ? null : Distrust(name, certificate, chain, errors);
            return distrust is null;
        };
        var stream = new SslStream(plain);
        try
        {
            await stream.AuthenticateAsClientAsync(options, cancel);
            return stream;
        }
        catch (Exception e) when (e is AuthenticationException or IOException or EndOfStreamException)
        {
            await stream.DisposeAsync();
            if (distrust is not null)
                throw new StoreException(StoreError.Mismatch, Applied.No, $"{endpoint} is not trusted: {distrust}", e);
            var hint = e is AuthenticationException ? "" : ", as a port without TLS does";
            throw new StoreException(StoreError.Unauthenticated, Applied.No, $"{endpoint} ended the TLS handshake{hint}: {e.Message}; check the port, and whether it accepts our certificate ({tls.CertFile ?? "none is set: cert, key"})", e);
        }
    }

    private static SslClientAuthenticationOptions Options(ZooKeeperTls tls, string name)
    {
        try
        {
            var options = new SslClientAuthenticationOptions { TargetHost = name, CertificateRevocationCheckMode = X509RevocationMode.NoCheck };
            if (tls.CaFile is { } file)
            {
                options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
                options.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(file);
            }

            if (tls is { CertFile: { } certificate, KeyFile: { } key })
                options.ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate, key)];
            return options;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StoreException(StoreError.Unauthenticated, Applied.No, $"a certificate cannot be read ({e.Message}): check ca ({tls.CaFile}), cert ({tls.CertFile}) and key ({tls.KeyFile})", e);
        }
    }

    private static string Distrust(string name, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
            return "it shows no certificate";
        var subject = certificate.Subject;
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return $"its certificate is for {subject}, not for '{name}': name the server as its certificate does, or set server-name";
        var reasons = chain is null ? "" : string.Join(", ", chain.ChainStatus.Select(s => s.StatusInformation.Trim().TrimEnd('.')).Where(s => s.Length > 0).Distinct(StringComparer.Ordinal));
        return $"its certificate {subject} is not acceptable ({reasons}): check ca, and whether the certificate is still valid";
    }
}
