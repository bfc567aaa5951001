using System.Net.Http.Json;
using System.Text.Json;

namespace Ha.StoreServers.Kinds;

/// <summary>etcd, asked through its JSON gateway.</summary>
internal sealed class EtcdDriver : StoreDriver
{
    private static readonly HttpClient Http = new() { Timeout = QuestionTimeout };

    public override string Scheme => "etcd";

    public override ServerProgram Program(IReadOnlyList<string> programs, MemberPlace place, IReadOnlyList<MemberPlace> all, StoreServersSpec spec)
    {
        var flags = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["name"] = place.Name,
            ["data-dir"] = place.Data,
            ["listen-client-urls"] = $"http://{place.Listen}:{place.ClientPort}",
            ["advertise-client-urls"] = $"http://{place.Endpoint}",
            ["listen-peer-urls"] = PeerUrl(place),
            ["initial-advertise-peer-urls"] = PeerUrl(place),
            ["initial-cluster"] = string.Join(',', all.Select(p => $"{p.Name}={PeerUrl(p)}")),
            ["initial-cluster-token"] = $"ha-{all[0].Endpoint}",
            ["initial-cluster-state"] = "new",
            ["logger"] = "zap",
            ["log-level"] = "warn",
        };
        foreach (var (name, value) in spec.Settings)
            flags[name] = value;
        return new([.. programs, .. flags.Select(f => $"--{f.Key}={f.Value}")], new Dictionary<string, string>());
    }

    public override async Task<MemberReport?> AskAsync(MemberPlace place, CancellationToken cancel)
    {
        try
        {
            // Its health is a read that needs a quorum.
            using var health = await Http.GetAsync(new Uri($"http://{place.Endpoint}/health"), cancel);
            if (!health.IsSuccessStatusCode)
                return null;
            using var reply = await Http.PostAsJsonAsync(new Uri($"http://{place.Endpoint}/v3/maintenance/status"), new { }, cancel);
            using var status = JsonDocument.Parse(await reply.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancel));
            var self = status.RootElement.GetProperty("header").GetProperty("member_id").GetString()!;
            var leader = status.RootElement.TryGetProperty("leader", out var l) ? l.GetString() : null;
            return new(leader is "0" ? null : leader, self, 0);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    private static string PeerUrl(MemberPlace place) => $"http://{place.PeerAddress}:{place.PeerPorts.First}";
}
