using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Ha.StoreServers.Tests;

/// <summary>Knocks at a server's TLS port as a client with given certificates would.</summary>
internal static class TlsDoor
{
    /// <summary>Whether the server and the client accept each other, proven by an answer to a question.</summary>
    /// <param name="endpoint">The server.</param>
    /// <param name="question">What to ask.</param>
    /// <param name="authority">What the client trusts.</param>
    /// <param name="client">What the client shows; null for nothing.</param>
    /// <param name="expectedName">The name the client expects the server to have.</param>
    public static async Task<bool> LetsInAsync(string endpoint, string question, string authority, CertificateFiles? client, string expectedName)
    {
        var at = endpoint.Split(':');
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(at[0], int.Parse(at[1], CultureInfo.InvariantCulture));
        using var trusted = X509CertificateLoader.LoadCertificateFromFile(authority);
        using var shown = client is null ? null : X509Certificate2.CreateFromPemFile(client.Certificate, client.Key);
        await using var tls = new SslStream(tcp.GetStream());
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = expectedName,
                ClientCertificates = shown is null ? null : [shown],
                CertificateChainPolicy = new()
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { trusted },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            });
            // With TLS 1.3 a server's refusal of the client arrives after the client's handshake is over.
            await tls.WriteAsync(Encoding.ASCII.GetBytes(question));
            return await tls.ReadAsync(new byte[1]) == 1;
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            return false;
        }
    }
}
