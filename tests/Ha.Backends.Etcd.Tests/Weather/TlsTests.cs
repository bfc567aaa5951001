using Ha.Core.Stores;
using Ha.StoreServers;

namespace Ha.Backends.Etcd.Tests.Weather;

/// <summary>Encryption against real servers: what is accepted, and how each mistake is told.</summary>
public sealed class TlsTests
{
    private static readonly StoreServersSpec Spec = new(StoreKind.Etcd) { Security = StoreSecurity.MutualTls };

    [Fact]
    public async Task A_client_with_a_certificate_works_and_each_wrong_one_is_named()
    {
        await using var servers = await StartAsync(Spec);
        var tls = servers.Credentials.Tls!;
        var endpoint = servers.Members[0].Endpoint;
        await using (var store = await Opening.OpenAsync($"etcd://{endpoint}/x?ca={tls.Authority}&cert={tls.Client.Certificate}&key={tls.Client.Key}"))
        {
            await store.PutAsync("a", "1");
            Assert.NotNull(await store.GetAsync("a"));
        }

        var own = $"cert={tls.Client.Certificate}&key={tls.Client.Key}";
        await SaysAsync(endpoint, $"ca={tls.ForeignAuthority}&{own}", "is not trusted by", tls.ForeignAuthority);
        await SaysAsync(endpoint, $"ca={tls.Authority}&{own}&server-name=elsewhere.test", "is not for 'elsewhere.test'");
        await SaysAsync(endpoint, $"ca=/nonexistent/ca.pem&{own}", "/nonexistent/ca.pem", "setting ca");
        await SaysAsync(endpoint, $"ca={tls.Authority}&cert=/nonexistent/cert.pem", "/nonexistent/cert.pem", "setting cert");
        await SaysAsync(endpoint, $"ca={tls.Authority}&cert={tls.ForeignClient.Certificate}&key={tls.ForeignClient.Key}", "certificate");
        await SaysAsync(endpoint, $"ca={tls.Authority}&cert={tls.ExpiredClient.Certificate}&key={tls.ExpiredClient.Key}", "certificate");
        await SaysAsync(endpoint, $"ca={tls.Authority}", "certificate");
        await SaysAsync(endpoint, "timeout=5", "encryption");
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_refused_unless_that_name_is_set()
    {
        await using var servers = await StartAsync(Spec with { Certificate = ServerCertificate.OtherName });
        var tls = servers.Credentials.Tls!;
        var settings = $"ca={tls.Authority}&cert={tls.Client.Certificate}&key={tls.Client.Key}";
        await SaysAsync(servers.Members[0].Endpoint, settings, "is not for '127.0.0.1'", "server-name");
        await using var store = await Opening.OpenAsync($"etcd://{servers.Members[0].Endpoint}/x?{settings}&server-name={TlsMaterial.ServerName}");
        await store.PutAsync("a", "1");
    }

    // etcd 3.4 cannot be started with an expired certificate, since its own gateway would not talk to it: this one only shakes hands.
    [Fact]
    public async Task An_expired_certificate_of_the_server_is_named()
    {
        using var server = new ExpiredTlsServer();
        await SaysAsync(server.Endpoint, $"ca={server.AuthorityFile}", "is not trusted by", "expired");
    }

    [Fact]
    public async Task Encryption_towards_a_server_without_it_is_named()
    {
        var plain = await SharedEtcd.ConnectionStringAsync("tls");
        var refusal = await Opening.RefusedAsync(() => Opening.OpenAsync($"{plain}?tls=on"), StoreError.Unavailable);
        Assert.Contains("encryption", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_was_renewed_is_used_for_the_next_connection()
    {
        await using var servers = await StartAsync(Spec);
        var tls = servers.Credentials.Tls!;
        var folder = Directory.CreateTempSubdirectory("ha-etcd-tls-");
        try
        {
            var (cert, key) = ($"{folder}/cert.pem", $"{folder}/key.pem");
            File.Copy(tls.Client.Certificate, cert);
            File.Copy(tls.Client.Key, key);
            await using var proxy = new TcpProxy(servers.Members[0].Endpoint);
            await using var store = await Opening.OpenAsync($"etcd://{proxy.Endpoint}/x?ca={tls.Authority}&cert={cert}&key={key}");
            File.Copy(tls.ExpiredClient.Certificate, cert, overwrite: true);
            File.Copy(tls.ExpiredClient.Key, key, overwrite: true);
            await store.PutAsync("a", "1");
            proxy.Cut();
            await Opening.RefusedAsync(() => store.GetAsync("a"), StoreError.Unavailable);
            File.Copy(tls.Client.Certificate, cert, overwrite: true);
            File.Copy(tls.Client.Key, key, overwrite: true);

            await store.PutAsync("a", "3");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Task<IStoreServers> StartAsync(StoreServersSpec spec)
    {
        SharedEtcd.SkipWithout(spec);
        return TestServers.StartAsync(spec, CancellationToken.None);
    }

    private static async Task SaysAsync(string endpoint, string settings, params string[] texts)
    {
        var refusal = await Opening.RefusedAsync(() => Opening.OpenAsync($"etcd://{endpoint}/x?{settings}"), StoreError.Unavailable);
        TestContext.Current.TestOutputHelper?.WriteLine(refusal.Message);
        Assert.Contains(endpoint, refusal.Message, StringComparison.Ordinal);
        foreach (var text in texts)
            Assert.Contains(text, refusal.Message, StringComparison.OrdinalIgnoreCase);
    }
}
