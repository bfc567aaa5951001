using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ha.StoreServers.Kinds;

/// <summary>Consul in server mode.</summary>
internal sealed class ConsulDriver : StoreDriver
{
    private static readonly HttpClient Http = new() { Timeout = QuestionTimeout };

    public override string Scheme => "consul";

    public override ServerProgram Program(IReadOnlyList<string> programs, MemberPlace place, IReadOnlyList<MemberPlace> all, StoreServersSpec spec)
    {
        var settings = new JsonObject
        {
            ["server"] = true,
            ["bootstrap_expect"] = all.Count,
            ["node_name"] = place.Name,
            ["data_dir"] = place.Data,
            ["bind_addr"] = place.PeerAddress,
            ["client_addr"] = place.Listen,
            ["ports"] = new JsonObject
            {
                ["http"] = place.ClientPort,
                ["https"] = -1,
                ["server"] = place.PeerPorts.First,
                ["serf_lan"] = place.PeerPorts.Second,
                ["serf_wan"] = -1,
                ["dns"] = -1,
                ["grpc"] = -1,
            },
            ["retry_join"] = new JsonArray([.. all.Where(p => p != place).Select(p => JsonValue.Create($"{p.PeerAddress}:{p.PeerPorts.Second}"))]),
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
        foreach (var (name, value) in spec.Settings)
            settings[name] = JsonNode.Parse(value);
        return new([.. programs, "agent", $"-config-file={place.Folder}/consul.json"],
            new Dictionary<string, string> { ["consul.json"] = settings.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) });
    }

    public override async Task<MemberReport?> AskAsync(MemberPlace place, CancellationToken cancel)
    {
        try
        {
            using var read = await Http.GetAsync(new Uri($"http://{place.Endpoint}/v1/kv/ha-test-ready?consistent"), cancel);
            if (read.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.NotFound or HttpStatusCode.Forbidden))
                return null;
            var leader = JsonSerializer.Deserialize<string>(await Http.GetStringAsync(new Uri($"http://{place.Endpoint}/v1/status/leader"), cancel));
            return new(leader is "" ? null : leader, $"{place.PeerAddress}:{place.PeerPorts.First}", 0);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return null;
        }
    }
}
