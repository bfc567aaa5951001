using System.Text;
using System.Text.Json;

namespace Ha.StoreServers.Kinds;

/// <summary>etcd, asked through its JSON gateway.</summary>
internal sealed class EtcdDriver(ClusterPlan plan) : StoreDriver(plan)
{
    private readonly HttpQuestions _http = new(QuestionTimeout);

    public override string Scheme => "etcd";

    private string ClientScheme => Plan.Tls ? "https" : "http";

    public override ServerProgram Program(MemberPlace place)
    {
        var flags = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["name"] = place.Name,
            ["data-dir"] = place.Data,
            ["listen-client-urls"] = $"{ClientScheme}://{place.Client.Listen}:{place.Client.Port}",
            ["advertise-client-urls"] = $"{ClientScheme}://{place.Client.Endpoint}",
            ["listen-peer-urls"] = PeerUrl(place),
            ["initial-advertise-peer-urls"] = PeerUrl(place),
            ["initial-cluster"] = string.Join(',', Plan.Places.Select(p => $"{p.Name}={PeerUrl(p)}")),
            ["initial-cluster-token"] = $"ha-{Plan.Places[0].Client.Endpoint}-{Environment.ProcessId}",
            ["initial-cluster-state"] = "new",
            ["logger"] = "zap",
            ["log-level"] = "warn",
        };
        if (Plan.Tls)
        {
            flags["listen-client-urls"] += $",http://{place.Control.Listen}:{place.Control.Port}";
            flags["cert-file"] = $"{place.Folder}/{ServerProgram.Certificate}";
            flags["key-file"] = $"{place.Folder}/{ServerProgram.Key}";
            flags["trusted-ca-file"] = $"{place.Folder}/{ServerProgram.Authority}";
            flags["client-cert-auth"] = "true";
        }

        foreach (var (name, value) in Plan.Spec.Settings)
            flags[name] = value;
        return new([.. flags.Select(f => $"--{f.Key}={f.Value}")], TlsFiles(), new Dictionary<string, string>());
    }

    public override async Task<MemberReport?> AskAsync(MemberPlace place, CancellationToken cancel)
    {
        // Its health is a read that needs a quorum.
        if (!(await _http.AskAsync(HttpMethod.Get, Asked(place).Endpoint, "/health", null, cancel)).Success)
            return null;
        var reply = await _http.AskAsync(HttpMethod.Post, Asked(place).Endpoint, "/v3/maintenance/status", new { }, cancel);
        if (!reply.Success)
            return null;
        using var status = JsonDocument.Parse(reply.Text);
        var self = status.RootElement.GetProperty("header").GetProperty("member_id").GetString()!;
        var leader = status.RootElement.TryGetProperty("leader", out var l) ? l.GetString() : null;
        return new(leader is "0" ? null : leader, self, 0);
    }

    public override async Task SecureAsync(CancellationToken cancel)
    {
        if (Plan.Secrets.Credentials is not { Full: { } full, Limited: { } limited })
            return;
        await PostAsync("/v3/auth/user/add", new { name = full.User, password = full.Value });
        await PostAsync("/v3/auth/user/add", new { name = limited.User, password = limited.Value });
        await PostAsync("/v3/auth/role/add", new { name = "root" });
        await PostAsync("/v3/auth/role/add", new { name = "limited" });
        foreach (var prefix in (string[])[$"{StoreCredentials.LimitedSpace}/", $"/{StoreCredentials.LimitedSpace}/"])
        {
            // From "x/" to "x0": the slash is followed by the digit zero.
            await PostAsync("/v3/auth/role/grant",
                new { name = "limited", perm = new { permType = "READWRITE", key = Base64(prefix), range_end = Base64(prefix[..^1] + "0") } });
        }

        await PostAsync("/v3/auth/user/grant", new { user = full.User, role = "root" });
        await PostAsync("/v3/auth/user/grant", new { user = limited.User, role = "limited" });
        await PostAsync("/v3/auth/enable", new { });

        async Task PostAsync(string path, object body) =>
            (await _http.AskAsync(HttpMethod.Post, Asked(Plan.Places[0]).Endpoint, path, body, cancel)).Require($"etcd {path}");
    }

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    private static string PeerUrl(MemberPlace place) => $"http://{place.PeerAddress}:{place.PeerPorts.First}";

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
