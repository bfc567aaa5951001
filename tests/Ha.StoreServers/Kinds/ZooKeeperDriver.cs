using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Ha.StoreServers.Kinds;

/// <summary>ZooKeeper, asked by its four-letter word <c>srvr</c>.</summary>
internal sealed class ZooKeeperDriver(ClusterPlan plan) : StoreDriver(plan)
{
    public override string Scheme => "zookeeper";

    public override ServerProgram Program(MemberPlace place)
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["dataDir"] = place.Data,
            ["clientPort"] = Text(Asked(place).Port),
            ["clientPortAddress"] = Asked(place).Listen,
            // Sessions of 2 to 20 ticks; a paused leader is given up after syncLimit ticks.
            ["tickTime"] = "1000",
            ["initLimit"] = "10",
            ["syncLimit"] = "5",
            ["maxClientCnxns"] = "0",
            ["admin.enableServer"] = "false",
            ["4lw.commands.whitelist"] = "*",
        };
        if (Plan.Places.Count > 1)
        {
            foreach (var p in Plan.Places)
                settings[$"server.{p.Index + 1}"] = $"{p.PeerAddress}:{p.PeerPorts.First}:{p.PeerPorts.Second}";
        }

        var files = TlsFiles();
        var environment = new Dictionary<string, string>();
        if (Plan.Tls)
            AddTls(settings, files, place);
        if (Plan.Secrets.Credentials is { Full: { } full, Limited: { } limited })
        {
            settings["authProvider.1"] = "org.apache.zookeeper.server.auth.SASLAuthenticationProvider";
            settings["sessionRequireClientSASLAuth"] = "true";
            files["jaas.conf"] = $"Server {{ org.apache.zookeeper.server.auth.DigestLoginModule required user_{full.User}=\"{full.Value}\" user_{limited.User}=\"{limited.Value}\"; }};\n";
            // The only one that both a plain java and the official image's script obey.
            environment["JAVA_TOOL_OPTIONS"] = $"-Djava.security.auth.login.config={place.Folder}/jaas.conf";
        }

        foreach (var (name, value) in Plan.Spec.Settings)
            settings[name] = value;
        files["zoo.cfg"] = string.Concat(settings.Select(s => $"{s.Key}={s.Value}\n"));
        files["data/myid"] = $"{place.Index + 1}\n";
        return new([$"{place.Folder}/zoo.cfg"], files, environment);
    }

    public override async Task<MemberReport?> AskAsync(MemberPlace place, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(QuestionTimeout);
        try
        {
            var words = Words(await FourLetterWordAsync(Asked(place).Endpoint, "srvr", limit.Token));
            if (!words.TryGetValue("Mode", out var mode))
                return null;
            // A follower does not say whom it follows: the leader is found by the epoch they share, the upper half of the transaction id.
            var epoch = words.TryGetValue("Zxid", out var zxid) ? Convert.ToInt64(zxid, 16) >> 32 : 0;
            return new(mode is "leader" or "standalone" ? place.Name : null, place.Name, epoch);
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    public override int? Leader(IReadOnlyList<MemberReport?> reports)
    {
        // A leader that was cut off goes on calling itself so for a while.
        var leader = reports.OfType<MemberReport>().Where(r => r.Follows is not null).MaxBy(r => r.Epoch);
        if (leader is null || reports.Count(r => r is not null) <= reports.Count / 2)
            return null;
        return reports.ToList().IndexOf(leader);
    }

    private static void AddTls(SortedDictionary<string, string> settings, Dictionary<string, string> files, MemberPlace place)
    {
        settings["secureClientPort"] = Text(place.Client.Port);
        settings["secureClientPortAddress"] = place.Client.Listen;
        settings["serverCnxnFactory"] = "org.apache.zookeeper.server.NettyServerCnxnFactory";
        settings["authProvider.x509"] = "org.apache.zookeeper.server.auth.X509AuthenticationProvider";
        settings["ssl.clientAuth"] = "need";
        settings["ssl.keyStore.type"] = settings["ssl.trustStore.type"] = "PEM";
        settings["ssl.keyStore.location"] = $"{place.Folder}/tls/both.pem";
        settings["ssl.trustStore.location"] = $"{place.Folder}/{ServerProgram.Authority}";
        // Clients connect by address and have no name to check.
        settings["ssl.clientHostnameVerification"] = "false";
        files["tls/both.pem"] = files[ServerProgram.Key] + "\n" + files[ServerProgram.Certificate];
    }

    internal static async Task<string> FourLetterWordAsync(string endpoint, string word, CancellationToken cancel)
    {
        using var client = new TcpClient();
        var at = endpoint.Split(':');
        await client.ConnectAsync(at[0], int.Parse(at[1], CultureInfo.InvariantCulture), cancel);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(word), cancel);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        return await reader.ReadToEndAsync(cancel);
    }

    private static Dictionary<string, string> Words(string reply) =>
        reply.Split('\n').Select(l => l.Split(": ", 2)).Where(p => p.Length == 2).DistinctBy(p => p[0]).ToDictionary(p => p[0], p => p[1].Trim(), StringComparer.Ordinal);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
