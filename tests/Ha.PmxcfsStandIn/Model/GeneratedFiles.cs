using System.Text;

namespace Ha.PmxcfsStandIn.Model;

/// <summary>The fixed entries of the root, and the counters behind the generated ones. One for each node; starts anew with its service.</summary>
internal sealed class GeneratedFiles
{
    private static readonly string[] Observed =
    [
        "corosync.conf", "datacenter.cfg", "ha/crm_commands", "ha/fence.cfg", "ha/groups.cfg", "ha/manager_status", "ha/resources.cfg", "ha/rules.cfg",
    ];

    private readonly Dictionary<string, ulong> _counters = Observed.ToDictionary(p => p, _ => 1UL, StringComparer.Ordinal);
    private readonly Dictionary<uint, ulong> _guests = [];
    private ulong _guestList = 1;

    public static IReadOnlyList<string> Names { get; } = [".version", ".members", ".vmlist", ".rrd", ".clusterlog", ".debug"];

    public static IReadOnlyList<string> Links { get; } = ["local", "qemu-server", "lxc", "openvz"];

    public long StartTime { get; private set; }

    public ulong Membership { get; set; } = 1;

    public static string LinkTarget(string name, string node) => name == "local" ? $"nodes/{node}" : $"nodes/{node}/{name}";

    /// <summary>The service starts: another start time, also within the same second, and all counters move.</summary>
    public void Start(long now)
    {
        StartTime = now > StartTime ? now : StartTime + 1;
        MoveAll();
    }

    public void MoveAll()
    {
        foreach (var path in Observed)
            _counters[path]++;
        _guestList++;
        Membership++;
    }

    /// <summary>A path was written, moved, touched or removed.</summary>
    public void Changed(string path)
    {
        if (_counters.TryGetValue(path, out var count))
            _counters[path] = count + 1;
        if (Paths.Guest(path) is not { } guest)
            return;
        _guests[guest.Id] = ++_guestList;
    }

    public byte[] Content(string name, StandInNode node, IReadOnlyList<StandInNode> all, Replica replica) => Encoding.UTF8.GetBytes(name switch
    {
        ".version" => Versions(),
        ".members" => Members(node, all),
        ".vmlist" => Guests(replica),
        ".debug" => "0\n",
        ".clusterlog" => "{\n\"data\": []\n}\n",
        _ => "",
    });

    private string Versions()
    {
        var lines = _counters.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"\"{c.Key}\": {c.Value},\n");
        return $"{{\n\"starttime\": {StartTime},\n\"clinfo\": {Membership},\n\"vmlist\": {_guestList},\n{string.Concat(lines)}\"kvstore\": {{\n}}\n}}\n";
    }

    private string Members(StandInNode self, IReadOnlyList<StandInNode> all)
    {
        var nodes = all.Select(n => $"  \"{n.Name}\": {{ \"id\": {n.Id}, \"online\": {(self.SeesOnline(n) ? $"1, \"ip\": \"10.0.0.{n.Id}\"" : "0")}}}");
        return $"{{\n\"nodename\": \"{self.Name}\",\n\"version\": {Membership},\n"
            + $"\"cluster\": {{ \"name\": \"stand-in\", \"version\": 1, \"nodes\": {all.Count}, \"quorate\": {(self.IsQuorate ? 1 : 0)} }},\n"
            + $"\"nodelist\": {{\n{string.Join(",\n", nodes)}\n  }}\n}}\n";
    }

    private string Guests(Replica replica)
    {
        var guests = replica.Guests().Select(g => $"\"{g.Key}\": {{ \"node\": \"{g.Value.Node}\", \"type\": \"{g.Value.Type}\", \"version\": {_guests.GetValueOrDefault(g.Key, 1UL)} }}").ToList();
        return guests.Count == 0 ? $"{{\n\"version\": {_guestList}\n}}\n" : $"{{\n\"version\": {_guestList},\n\"ids\": {{\n{string.Join(",\n", guests)}}}\n\n}}\n";
    }
}
