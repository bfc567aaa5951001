using System.Globalization;
using Ha.Core.Model;
using Ha.Core.Stores;
using Ha.Simulator.Hardware;

namespace Ha.Simulator.Running;

/// <summary>Executes the commands about services: what is configured, and what administrators ask of the master.</summary>
internal sealed class ServiceCommands(SimulatedCluster cluster)
{
    private const double Mebibyte = 1048576;

    private static readonly string[] SizeNames = ["maxcpu", "maxmem"];
    private static readonly string[] UsageNames = ["cpu", "mem"];

    private ServiceTable Services => cluster.Story.Services;

    /// <summary>Executes one command.</summary>
    /// <exception cref="SimulationException">It cannot be executed; the run ends.</exception>
    public void Execute(CommandWords words, string id)
    {
        switch (words.Action)
        {
            case "started" or "disabled" or "stopped" or "ignored":
                Services.Change(id, e => e.State = words.Action);
                break;
            case "migrate" or "relocate":
                cluster.Store.Queue($"{words.Action} {id} {Needed(words, "target node")}");
                break;
            case "stop":
                cluster.Store.Queue($"stop {id} {Needed(words, "timeout")}");
                break;
            case "add":
                Add(words, id);
                break;
            case "delete":
                Services.Remove(id);
                cluster.Story.Usage.Static.Remove(id);
                break;
            case "lock":
                Services.Change(id, e => e.Lock = words.Parameter is "" ? "backup" : words.Parameter);
                break;
            case "unlock":
                Unlock(words, id);
                break;
            case "set-static-stats":
                SetStatistics(words, id, cluster.Story.Usage.Static, SizeNames);
                break;
            case "set-dynamic-stats":
                SetStatistics(words, id, cluster.Story.Usage.Dynamic, UsageNames);
                break;
            case "crash":
                Crash(id);
                break;
            case "manual-migrate":
                MigrateByHand(words, id);
                break;
            default:
                throw new SimulationException($"sim_hardware_cmd: unknown service action '{words.Action}' - not implemented");
        }
    }

    private static string Needed(CommandWords words, string what) =>
        words.Parameter is { Length: > 0 } parameter ? parameter : throw new SimulationException($"sim_hardware_cmd: missing {what} for '{words.Action}' command");

    private void Add(CommandWords words, string id)
    {
        var parameters = words.Parameters;
        var node = parameters.Length > 0 ? parameters[0] : "";
        var state = parameters.Length > 1 ? parameters[1] : "started";
        if (StateWords.ParseWantedState(state) is null)
            throw new SimulationException($"sim_hardware_cmd: unknown service state '{state}' for 'add' command");
        Services.Add(id, node, state);
        if (!NodeName.TryParse(node, out var name) || !cluster.Nodes.ContainsKey(name))
            throw new SimulationException($"sim_hardware_cmd: no such node '{node}' for 'add' command");
        var running = parameters.Length > 2 && parameters[2] != "0";
        cluster.Story.Running.SetRaw(name, id, running ? JsonText.Encode(parameters[2]) : "0");
    }

    private void Unlock(CommandWords words, string id)
    {
        var wanted = words.Parameter;
        Services.Change(id, entry =>
        {
            if (wanted.Length == 0 || string.Equals(entry.Lock, wanted, StringComparison.Ordinal))
                entry.Lock = null;
            else
                cluster.Warnings.Add($"service '{id}' is not locked by '{wanted}'");
        });
    }

    private void SetStatistics(CommandWords words, string id, SortedDictionary<string, SortedDictionary<string, double>> statistics, string[] names)
    {
        var parameters = words.Parameters;
        if (parameters.Length == 0)
            throw new SimulationException($"sim_hardware_cmd: missing target stat for '{words.Action}' command");
        var values = new List<(string, double)>();
        for (var i = 0; i < parameters.Length; i += 2)
        {
            var name = parameters[i];
            if (i + 1 == parameters.Length)
                throw new SimulationException($"sim_hardware_cmd: missing value for '{words.Action} {name}' command");
            if (!names.Contains(name, StringComparer.Ordinal))
                throw new SimulationException($"sim_hardware_cmd: unknown target stat '{name}' for '{words.Action}' command");
            if (!double.TryParse(parameters[i + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
                throw new SimulationException($"sim_hardware_cmd: '{parameters[i + 1]}' is not a number for '{words.Action} {name}' command");
            values.Add((name, name.EndsWith("mem", StringComparison.Ordinal) ? value * Mebibyte : value));
        }

        if (Services.Find(id) is null)
            throw new SimulationException($"no such service '{id}'");
        UsageStatistics.Merge(statistics, id, values);
    }

    // The guest dies; nobody tells the stack.
    private void Crash(string id)
    {
        var entry = Services.Find(id) ?? throw new SimulationException($"no such service '{id}'");
        if (!NodeName.TryParse(entry.Node, out var node) || !cluster.Story.Running.IsRunning(node, id))
            throw new SimulationException($"sim_hardware_cmd: service '{id}' does not run on node '{entry.Node}'");
        cluster.Story.Running.Set(node, id, running: false);
    }

    // Behind the back of the stack: only the configuration changes, the service goes on running where it is.
    private void MigrateByHand(CommandWords words, string id)
    {
        var target = Needed(words, "target node");
        var entry = Services.Find(id) ?? throw new SimulationException($"sim_hardware_cmd: service '{id}' not configured");
        if (entry.Node.Length == 0)
            throw new SimulationException($"sim_hardware_cmd: service '{id}' has no node");
        var status = ManagerStatusDocument.Parse(cluster.Store.Read(DocumentKeys.ManagerStatus));
        if (entry.EffectiveState != "ignored" && status.Disarm?.Mode != "ignore")
            throw new SimulationException("sim_hardware_cmd: manual-migrate requires service in 'ignored' state or disarm-ha ignore mode");
        Services.Move(id, entry.Node, target);
    }
}
