using Ha.Core.Stores;
using Ha.StoreServers;
using static Ha.Backends.Consul.Tests.Wire.FailureAssert;

namespace Ha.Backends.Consul.Tests.Real;

/// <summary>Tokens and certificates, on real servers.</summary>
public sealed class AccessTests
{
    private static readonly StoreKey X = StoreKey.Of("x");
    private static readonly KvBatch PutX = KvBatch.Empty.Put(X, "1"u8.ToArray());

    [Fact]
    public async Task A_token_opens_what_its_policy_allows_and_each_refusal_says_what_would_help()
    {
        await using var servers = await StartAsync(StoreSecurity.Secret);
        var (full, limited) = (servers.Credentials.Full!.File, servers.Credentials.Limited!.File);
        await using (var store = await OpenAsync(servers.ConnectionString("any", $"token-file={full}")))
            Assert.IsType<KvOutcome.Committed>(await store.CommitAsync(PutX, default));
        await using (var store = await OpenAsync(servers.ConnectionString($"{StoreCredentials.LimitedSpace}/ha", $"token-file={limited}")))
        {
            Assert.IsType<KvOutcome.Committed>(await store.CommitAsync(PutX, default));
            await (await store.AnnounceAsync(StoreKey.Of("p"), default, TimeSpan.FromSeconds(10), default)).DisposeAsync();
        }

        await FailsAsync(StoreError.Unauthorized, Applied.No, () => OpenAsync(servers.ConnectionString("forbidden", $"token-file={limited}")), limited, "forbidden/-store", "key_prefix");
        await FailsAsync(StoreError.Unauthorized, Applied.No, () => OpenAsync(servers.ConnectionString("any")), "no token is configured (token-file)");
        var unknown = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(unknown, "11111111-2222-3333-4444-555555555555");
            await FailsAsync(StoreError.Unauthenticated, Applied.No, () => OpenAsync(servers.ConnectionString("any", $"token-file={unknown}")), unknown, "does not know the token");

            // A store that is open goes on with a token that is written into its file while it runs.
            await File.WriteAllTextAsync(unknown, await File.ReadAllTextAsync(limited));
            await using var store = await OpenAsync(servers.ConnectionString($"{StoreCredentials.LimitedSpace}/ha", $"token-file={unknown}"));
            Assert.NotNull(await store.GetAsync(X, ReadLevel.Linearizable, default));
        }
        finally
        {
            File.Delete(unknown);
        }
    }

    [Fact]
    public async Task Servers_and_clients_prove_themselves_by_certificates_and_each_refusal_says_why()
    {
        await using var servers = await StartAsync(StoreSecurity.MutualTls);
        var tls = servers.Credentials.Tls!;
        string[] good = ["tls=true", $"ca={tls.Authority}", .. Own(tls.Client)];
        await using (var store = await OpenAsync(servers.ConnectionString("ha", good)))
            Assert.IsType<KvOutcome.Committed>(await store.CommitAsync(PutX, default));
        await using (var store = await OpenAsync(servers.ConnectionString("ha", [.. good, $"server-name={TlsMaterial.ServerName}"])))
            Assert.NotNull(await store.GetAsync(X, ReadLevel.Linearizable, default));

        await FailsAsync(StoreError.Mismatch, Applied.No, () => OpenAsync(servers.ConnectionString("ha")), "speaks TLS", "tls=true");
        await FailsAsync(StoreError.Mismatch, Applied.No, () => OpenAsync(servers.ConnectionString("ha", ["tls=true", $"ca={tls.ForeignAuthority}", .. Own(tls.Client)])), "not signed by", tls.ForeignAuthority);
        await FailsAsync(StoreError.Mismatch, Applied.No, () => OpenAsync(servers.ConnectionString("ha", ["tls=true", .. Own(tls.Client)])), "not trusted by this system", "ca");
        await FailsAsync(StoreError.Mismatch, Applied.No, () => OpenAsync(servers.ConnectionString("ha", [.. good, "server-name=elsewhere"])), "not for elsewhere", "server-name");
        await FailsAsync(StoreError.Unauthenticated, Applied.No, () => OpenAsync(servers.ConnectionString("ha", ["tls=true", $"ca={tls.Authority}", .. Own(tls.ExpiredClient)])), tls.ExpiredClient.Certificate, "expired");

        // These two the server refuses; with TLS 1.3 it does so after the handshake, so all we see is the end of the connection.
        await Assert.ThrowsAsync<StoreException>(() => OpenAsync(servers.ConnectionString("ha", ["tls=true", $"ca={tls.Authority}", .. Own(tls.ForeignClient)])));
        var refused = await Assert.ThrowsAsync<StoreException>(() => OpenAsync(servers.ConnectionString("ha", "tls=true", $"ca={tls.Authority}")));
        Assert.Equal(Applied.No, refused.Applied);
        Assert.Contains("check cert and key", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ServerCertificate.OtherName, $"'{TlsMaterial.ServerName}'")]
    [InlineData(ServerCertificate.Expired, "expired on")]
    public async Task A_server_with_a_wrong_certificate_is_not_trusted(ServerCertificate certificate, string says)
    {
        await using var servers = await StartAsync(StoreSecurity.MutualTls, certificate);
        var tls = servers.Credentials.Tls!;
        await FailsAsync(StoreError.Mismatch, Applied.No, () => OpenAsync(servers.ConnectionString("ha", ["tls=true", $"ca={tls.Authority}", .. Own(tls.Client)])), says, servers.Members[0].Endpoint);
    }

    [Fact]
    public async Task Asking_for_tls_where_there_is_none_is_told()
    {
        var endpoint = (await ConsulServer.GetAsync()).Members[0].Endpoint;
        await FailsAsync(StoreError.Mismatch, Applied.No, () => OpenAsync($"consul://{endpoint}/ha?tls=true"), endpoint, "does not speak TLS");
    }

    private static string[] Own(CertificateFiles files) => [$"cert={files.Certificate}", $"key={files.Key}"];

    private static Task<IStoreServers> StartAsync(StoreSecurity security, ServerCertificate certificate = ServerCertificate.Valid)
    {
        Assert.SkipWhen(TestServers.UnavailableBecause(StoreKind.Consul) is not null, TestServers.UnavailableBecause(StoreKind.Consul) ?? "");
        return TestServers.StartAsync(new StoreServersSpec(StoreKind.Consul) { Security = security, Certificate = certificate }, CancellationToken.None);
    }

    private static Task<ConsulStore> OpenAsync(string connection) => ConsulStore.OpenAsync(Connections.Parse(connection), TimeProvider.System, null, default);
}
