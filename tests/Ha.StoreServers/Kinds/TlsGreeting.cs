using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Ha.StoreServers.Kinds;

/// <summary>Finds out whether servers speak TLS at a port. They open it later than the one for our questions, and a forwarder in front of it takes
/// connections long before.</summary>
internal sealed class TlsGreeting(CertificateFiles client) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly X509Certificate2 _client = X509Certificate2.CreateFromPemFile(client.Certificate, client.Key);

    /// <summary>Whether a server greets there. Whether what it presents is good is its clients' business.</summary>
    public async Task<bool> IsAnsweredAsync(string endpoint, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        using var tcp = new TcpClient();
        try
        {
            var at = endpoint.Split(':');
            await tcp.ConnectAsync(at[0], int.Parse(at[1], CultureInfo.InvariantCulture), limit.Token);
            await using var tls = new SslStream(tcp.GetStream());
#pragma warning disable CA5359 // Only the servers that this process has started are asked, and nothing is told to them.
            var options = new SslClientAuthenticationOptions { TargetHost = at[0], ClientCertificates = [_client], RemoteCertificateValidationCallback = (_, _, _, _) => true };
#pragma warning restore CA5359
            await tls.AuthenticateAsClientAsync(options, limit.Token);
            return true;
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return false;
        }
    }

    public void Dispose() => _client.Dispose();
}
