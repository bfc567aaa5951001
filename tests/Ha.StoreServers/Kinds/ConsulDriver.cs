using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ha.StoreServers.Kinds;

/// <summary>Consul in server mode.</summary>
internal sealed class ConsulDriver : StoreDriver
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly HttpQuestions _http;

    public ConsulDriver(ClusterPlan plan)
        : base(plan)
    {
        _http = new(QuestionTimeout);
        if (plan.Secrets.Credentials.Full is { } full)
            _http.AddHeader("X-Consul-Token", full.Value);
    }

    public override string Scheme => "consul";

    public override ServerProgram Program(MemberPlace place)
    {
        var settings = new JsonObject
        {
            ["server"] = true,
            ["bootstrap_expect"] = Plan.Places.Count,
            ["node_name"] = place.Name,
            ["data_dir"] = place.Data,
            ["bind_addr"] = place.PeerAddress,
            ["client_addr"] = place.Client.Listen,
            ["ports"] = new JsonObject
            {
                ["http"] = Asked(place).Port,
                ["https"] = Plan.Tls ? place.Client.Port : -1,
                ["server"] = place.PeerPorts.First,
                ["serf_lan"] = place.PeerPorts.Second,
                ["serf_wan"] = -1,
                ["dns"] = -1,
                ["grpc"] = -1,
            },
            ["retry_join"] = new JsonArray([.. Plan.Places.Where(p => p != place).Select(p => JsonValue.Create($"{p.PeerAddress}:{p.PeerPorts.Second}"))]),
            ["retry_interval"] = "1s",
            // The default of 5 is for slow machines and makes every election take seconds.
            ["performance"] = new JsonObject { ["raft_multiplier"] = 1 },
            // A member that a test kills shall be a member when it comes back.
            ["autopilot"] = new JsonObject { ["cleanup_dead_servers"] = false },
            ["leave_on_terminate"] = false,
            ["skip_leave_on_interrupt"] = true,
            ["disable_update_check"] = true,
            ["log_level"] = "warn",
        };
        if (Plan.Tls)
        {
            settings["cert_file"] = $"{place.Folder}/{ServerProgram.Certificate}";
            settings["key_file"] = $"{place.Folder}/{ServerProgram.Key}";
            settings["ca_file"] = $"{place.Folder}/{ServerProgram.Authority}";
            settings["verify_incoming_https"] = true;
        }

        if (Plan.Secrets.Credentials.Full is { } full)
        {
            var tokens = new JsonObject { ["master"] = full.Value, ["agent"] = full.Value };
            settings["acl"] = new JsonObject { ["enabled"] = true, ["default_policy"] = "deny", ["tokens"] = tokens };
        }

        foreach (var (name, value) in Plan.Spec.Settings)
            settings[name] = JsonNode.Parse(value);
        var files = TlsFiles();
        files["consul.json"] = settings.ToJsonString(Indented);
        return new(["agent", $"-config-file={place.Folder}/consul.json"], files, new Dictionary<string, string>());
    }

    public override async Task<MemberReport?> AskAsync(MemberPlace place, CancellationToken cancel)
    {
        // A consistent read needs a quorum; 404 is an answer.
        var read = await _http.AskAsync(HttpMethod.Get, Asked(place).Endpoint, "/v1/kv/ha-test-ready?consistent", null, cancel);
        if (!read.Success && read.Status != 404)
            return null;
        var reply = await _http.AskAsync(HttpMethod.Get, Asked(place).Endpoint, "/v1/status/leader", null, cancel);
        if (!reply.Success)
            return null;
        var leader = JsonSerializer.Deserialize<string>(reply.Text);
        return new(leader is "" ? null : leader, $"{place.PeerAddress}:{place.PeerPorts.First}", 0);
    }

    public override async Task SecureAsync(CancellationToken cancel)
    {
        if (Plan.Secrets.Credentials.Limited is not { } limited)
            return;
        // Consul's keys have no slash in front, and its key filter wants none.
        var rules = $$"""key_prefix "{{StoreCredentials.LimitedSpace}}/" { policy = "write" } session_prefix "" { policy = "write" } node_prefix "" { policy = "read" } agent_prefix "" { policy = "read" }""";
        await PutAsync("/v1/acl/policy", new { Name = "limited", Rules = rules });
        await PutAsync("/v1/acl/token", new { SecretID = limited.Value, Policies = new[] { new { Name = "limited" } } });

        async Task PutAsync(string path, object body) =>
            (await _http.AskAsync(HttpMethod.Put, Asked(Plan.Places[0]).Endpoint, path, body, cancel)).Require($"Consul {path}");
    }

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }
}
