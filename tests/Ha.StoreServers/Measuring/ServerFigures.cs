using System.Globalization;
using Ha.StoreServers.Kinds;

namespace Ha.StoreServers.Measuring;

/// <summary>What the servers of a cluster count of themselves, since they started.</summary>
/// <param name="Requests">What clients sent to all of them: messages to etcd, requests to Consul, packets to ZooKeeper, pings of sessions included.</param>
/// <param name="Writes">What they agreed on: proposals of etcd, log entries of Consul, transactions of ZooKeeper, sessions' beginnings and ends included.</param>
/// <param name="Watches">How many watches they serve at this moment; null: this server does not count them.</param>
public sealed record ServerFigures(double Requests, double Writes, double? Watches)
{
    private const double LowerHalf = 4294967296;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>The settings that a server needs to count; see <see cref="StoreServersSpec.Settings"/>.</summary>
    public static IReadOnlyDictionary<string, string> SettingsOf(StoreKind kind) => kind == StoreKind.Consul
        ? new Dictionary<string, string> { ["telemetry"] = """{"prometheus_retention_time": "1h", "disable_hostname": true}""" }
        : new Dictionary<string, string>();

    /// <summary>Asks all members, which must be without TLS and secrets.</summary>
    /// <exception cref="StoreServersException">One gave no answer.</exception>
    public static async Task<ServerFigures> ReadAsync(IStoreServers servers, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(servers);
        var each = await Task.WhenAll(servers.Members.Select(m => ReadAsync(servers.Spec.Kind, m.Endpoint, cancel)));
        return new(each.Sum(f => f.Requests), each.Max(f => f.Writes), each.All(f => f.Watches is null) ? null : each.Sum(f => f.Watches));
    }

    private static Task<ServerFigures> ReadAsync(StoreKind kind, string endpoint, CancellationToken cancel) => kind switch
    {
        StoreKind.Etcd => ReadEtcdAsync(endpoint, cancel),
        StoreKind.Consul => ReadConsulAsync(endpoint, cancel),
        StoreKind.ZooKeeper => ReadZooKeeperAsync(endpoint, cancel),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such server"),
    };

    private static async Task<ServerFigures> ReadEtcdAsync(string endpoint, CancellationToken cancel)
    {
        var samples = await ScrapeAsync(endpoint, "/metrics", cancel);
        return new(Sum("grpc_server_msg_received_total"), Sum("etcd_server_proposals_committed_total"), Sum("etcd_debugging_mvcc_watcher_total"));

        double Sum(string name) => samples.Where(s => s.Name == name).Sum(s => s.Value);
    }

    private static async Task<ServerFigures> ReadConsulAsync(string endpoint, CancellationToken cancel)
    {
        const string own = "consul_http_GET_v1_agent_metrics_count";
        var samples = await ScrapeAsync(endpoint, "/v1/agent/metrics?format=prometheus", cancel);
        return new(
            samples.Where(s => s.Name != own && s.Name.StartsWith("consul_http_", StringComparison.Ordinal) && s.Name.EndsWith("_count", StringComparison.Ordinal)).Sum(s => s.Value),
            samples.Where(s => s.Name == "consul_raft_apply").Sum(s => s.Value),
            null);
    }

    private static async Task<ServerFigures> ReadZooKeeperAsync(string endpoint, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Timeout);
        var words = (await ZooKeeperDriver.FourLetterWordAsync(endpoint, "mntr", limit.Token)).Split('\n').Select(l => l.Split('\t')).Where(p => p.Length == 2)
            .ToDictionary(p => p[0], p => p[1].Trim(), StringComparer.Ordinal);
        var server = await ZooKeeperDriver.FourLetterWordAsync(endpoint, "srvr", limit.Token);
        var zxid = server.Split('\n').First(l => l.StartsWith("Zxid: ", StringComparison.Ordinal))["Zxid: ".Length..].Trim();
        return new(Number(words["zk_packets_received"]), Convert.ToInt64(zxid, 16) % LowerHalf, Number(words["zk_watch_count"]));
    }

    // Lines of Prometheus' text format: name{labels} value.
    private static async Task<IReadOnlyList<(string Name, double Value)>> ScrapeAsync(string endpoint, string path, CancellationToken cancel)
    {
        using var http = new HttpQuestions(Timeout);
        var text = (await http.AskAsync(HttpMethod.Get, endpoint, path, null, cancel)).Require($"reading the figures of {endpoint}");
        return [.. text.Split('\n').Where(l => l.Length > 0 && l[0] != '#').Select(l => (l[..l.IndexOfAny(['{', ' '])], Number(l[(l.LastIndexOf(' ') + 1)..])))];
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
