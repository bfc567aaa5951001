using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Ha.StoreServers.Tests;

/// <summary>How a provider's servers let clients in. The servers are real and know no clock of ours, so all waits are in real time.</summary>
public abstract class SecuritySuite
{
    private static readonly HttpClient Http = new();

    public static TheoryData<StoreKind> Kinds => [StoreKind.Etcd, StoreKind.Consul, StoreKind.ZooKeeper];

    protected abstract IStoreServersProvider Provider { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Servers_with_tls_let_in_nobody_but_their_clients(StoreKind kind)
    {
        await using var servers = await StartAsync(new(kind) { Security = StoreSecurity.MutualTls });
        var tls = servers.Credentials.Tls!;
        Assert.True(await KnockAsync(servers, tls.Authority, tls.Client));
        Assert.False(await KnockAsync(servers, tls.Authority, null), "without a certificate");
        Assert.False(await KnockAsync(servers, tls.Authority, tls.ForeignClient), "with a foreign certificate");
        Assert.False(await KnockAsync(servers, tls.Authority, tls.ExpiredClient), "with an expired certificate");
        Assert.False(await KnockAsync(servers, tls.ForeignAuthority, tls.Client), "trusting another authority");
        Assert.False(await KnockAsync(servers, tls.Authority, tls.Client, "elsewhere.ha.test"), "expecting another name");
    }

    [Theory]
    [InlineData(StoreKind.Etcd, ServerCertificate.OtherName)]
    [InlineData(StoreKind.Etcd, ServerCertificate.Expired)]
    public async Task A_server_with_a_bad_certificate_is_refused_by_its_clients(StoreKind kind, ServerCertificate certificate)
    {
        await using var servers = await StartAsync(new(kind) { Security = StoreSecurity.MutualTls, Certificate = certificate });
        var tls = servers.Credentials.Tls!;
        Assert.False(await KnockAsync(servers, tls.Authority, tls.Client));
        Assert.Equal(certificate is ServerCertificate.OtherName, await KnockAsync(servers, tls.Authority, tls.Client, TlsMaterial.ServerName));
    }

    [Fact]
    public async Task Etcd_with_a_secret_lets_in_who_knows_it_and_limits_the_limited()
    {
        await using var servers = await StartAsync(new(StoreKind.Etcd) { Security = StoreSecurity.Secret });
        var (full, limited) = (servers.Credentials.Full!, servers.Credentials.Limited!);
        Assert.Equal(full.Value, await File.ReadAllTextAsync(full.File, Cancel));
        Assert.False((await PostAsync("/v3/auth/authenticate", new { name = full.User, password = "wrong" }, null)).IsSuccessStatusCode);
        Assert.False(await MayReadAsync(await LogInAsync(limited), "x"));
        Assert.True(await MayReadAsync(await LogInAsync(limited), $"{StoreCredentials.LimitedSpace}/x"));
        Assert.True(await MayReadAsync(await LogInAsync(full), "x"));
        await servers.RestartAllAsync(Cancel);
        Assert.True(await MayReadAsync(await LogInAsync(full), "x"));

        async Task<HttpResponseMessage> PostAsync(string path, object body, string? token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{servers.Members[0].Endpoint}{path}") { Content = JsonContent.Create(body) };
            if (token is not null)
                request.Headers.TryAddWithoutValidation("Authorization", token);
            return await Http.SendAsync(request, Cancel);
        }

        async Task<string> LogInAsync(StoreSecret secret)
        {
            using var reply = await PostAsync("/v3/auth/authenticate", new { name = secret.User, password = secret.Value }, null);
            return (await reply.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("token").GetString()!;
        }

        async Task<bool> MayReadAsync(string token, string key)
        {
            using var reply = await PostAsync("/v3/kv/range", new { key = Convert.ToBase64String(Encoding.UTF8.GetBytes(key)) }, token);
            return reply.IsSuccessStatusCode;
        }
    }

    [Fact]
    public async Task Consul_with_a_secret_lets_in_who_knows_it_and_limits_the_limited()
    {
        await using var servers = await StartAsync(new(StoreKind.Consul) { Security = StoreSecurity.Secret });
        var (full, limited) = (servers.Credentials.Full!, servers.Credentials.Limited!);
        Assert.Equal(403, await PutAsync("x", null));
        Assert.Equal(403, await PutAsync("x", limited.Value));
        Assert.Equal(200, await PutAsync($"{StoreCredentials.LimitedSpace}/x", limited.Value));
        Assert.Equal(200, await PutAsync("x", full.Value));

        async Task<int> PutAsync(string key, string? token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, $"http://{servers.Members[0].Endpoint}/v1/kv/{key}") { Content = new StringContent("value") };
            if (token is not null)
                request.Headers.Add("X-Consul-Token", token);
            using var reply = await Http.SendAsync(request, Cancel);
            return (int)reply.StatusCode;
        }
    }

    [Theory]
    [InlineData(StoreSecurity.None, 0)]
    [InlineData(StoreSecurity.Secret, -124)]
    public async Task ZooKeeper_with_a_secret_answers_nobody_who_has_not_logged_in(StoreSecurity security, int error)
    {
        await using var servers = await StartAsync(new(StoreKind.ZooKeeper) { Security = security });
        Assert.Equal(error, await ZooKeeperStranger.LookAtRootAsync(servers.Members[0].Endpoint, Cancel));
    }

    private static Task<bool> KnockAsync(IStoreServers servers, string authority, CertificateFiles? client, string name = "127.0.0.1") =>
        TlsDoor.LetsInAsync(servers.Members[0].Endpoint, ClientQuestion.Text(servers.Spec.Kind), authority, client, name);

    private async Task<IStoreServers> StartAsync(StoreServersSpec spec)
    {
        Assert.SkipWhen(Provider.UnavailableBecause(spec) is not null, Provider.UnavailableBecause(spec) ?? "");
        return await Provider.StartAsync(spec, Cancel);
    }
}
