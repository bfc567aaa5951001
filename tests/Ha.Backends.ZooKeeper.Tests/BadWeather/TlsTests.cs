using Ha.Backends.ZooKeeper.Tests.Support;
using Ha.Core.Stores;
using Ha.StoreServers;

namespace Ha.Backends.ZooKeeper.Tests.BadWeather;

public sealed class TlsTests : IAsyncLifetime
{
    private static readonly StoreServersSpec Spec = new(StoreKind.ZooKeeper) { Security = StoreSecurity.MutualTls };

    private IStoreServers? _servers;

    private TlsMaterial Tls => _servers!.Credentials.Tls!;

    public async ValueTask InitializeAsync()
    {
        var reason = TestServers.UnavailableBecause(Spec);
        Assert.SkipWhen(reason is not null, reason ?? "");
        _servers = await TestServers.StartAsync(Spec, CancellationToken.None);
    }

    [Fact]
    public async Task The_right_certificates_are_accepted_and_every_wrong_one_is_named()
    {
        // The server opens this port after the one that it is asked at whether it is ready.
        await using (var ours = await Stores.EventuallyAsync(() => Stores.OpenAsync(With(Tls.Authority, Tls.Client))))
        {
            await ours.PutAsync(Stores.Document, new string('x', 300_000)); // More than one record of TLS.
            Assert.Equal(300_000, (await ours.GetAsync(Stores.Document))!.Length);
            Assert.StartsWith("3.", ours.Descriptor.Version, StringComparison.Ordinal);
        }

        await using (await Stores.OpenAsync(With(Tls.Authority, Tls.Client, $"server-name={TlsMaterial.ServerName}")))
            await Stores.FailsAsync(StoreError.Mismatch, "not for 'elsewhere.example'", () => Stores.OpenAsync(With(Tls.Authority, Tls.Client, "server-name=elsewhere.example")));
        await Stores.FailsAsync(StoreError.Mismatch, "check ca", () => Stores.OpenAsync(With(Tls.ForeignAuthority, Tls.Client)));
        foreach (var client in new[] { Tls.ForeignClient, Tls.ExpiredClient })
            await Stores.FailsAsync(StoreError.Unauthenticated, client.Certificate, () => Stores.OpenAsync(With(Tls.Authority, client)));
        await Stores.FailsAsync(StoreError.Unauthenticated, "none is set", () => Stores.OpenAsync(Connection("tls=true", $"ca={Tls.Authority}")));
        await Stores.FailsAsync(StoreError.Unauthenticated, "/missing.pem", () => Stores.OpenAsync(Connection("tls=true", "ca=/missing.pem")));
    }

    [Fact]
    public async Task Plain_frames_to_a_port_with_tls_and_the_reverse_are_told()
    {
        await using (await Stores.EventuallyAsync(() => Stores.OpenAsync(With(Tls.Authority, Tls.Client))))
        {
        }

        await Stores.FailsAsync(StoreError.Unavailable, "tls=true", () => Stores.OpenAsync(Connection("timeout=2")));
        var plain = await SharedServer.StartedAsync();
        await Stores.FailsAsync(StoreError.Unauthenticated, "a port without TLS", () => Stores.OpenAsync(plain.ConnectionString(SharedServer.NewSpace(), "tls=true", $"ca={Tls.Authority}", "timeout=2")));
    }

    public async ValueTask DisposeAsync()
    {
        if (_servers is not null)
            await _servers.DisposeAsync();
    }

    private string With(string authority, CertificateFiles client, params string[] more) =>
        Connection(["tls=true", $"ca={authority}", $"cert={client.Certificate}", $"key={client.Key}", .. more]);

    // The servers' own string has credentials in it, and these are what varies here.
    private string Connection(params string[] settings) => $"zookeeper://{_servers!.Members[0].Endpoint}/tls?{string.Join('&', settings)}";
}
