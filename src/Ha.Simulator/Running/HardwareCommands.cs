using Ha.Core.Model;
using Ha.Simulator.Hardware;
using Ha.Simulator.Nodes;

namespace Ha.Simulator.Running;

/// <summary>Executes the commands that the story, a shutdown or a watchdog gives the hardware.</summary>
internal sealed class HardwareCommands(SimulatedCluster cluster)
{
    private readonly ServiceCommands _services = new(cluster);
    private readonly FaultCommands _faults = new(cluster);

    /// <summary>Executes a command at once.</summary>
    /// <param name="text">The command.</param>
    /// <param name="source">Who gives it; the log's source field.</param>
    /// <exception cref="SimulationException">It cannot be executed; the run ends.</exception>
    public void Execute(string text, string source)
    {
        var words = new CommandWords(text);
        if (words.Subject is not { } subject)
            throw new SimulationException("sim_hardware_cmd: no node or service for command specified");
        if (words.Command == "service")
        {
            if (!LooksLikeResource(subject))
                throw new SimulationException("value does not look like a valid ha resource id");
            cluster.Log.Hardware(source, $"execute {text}");
            _services.Execute(words, subject);
            return;
        }

        if (words.Command == FaultCommands.Write)
        {
            cluster.Log.Hardware(source, $"execute {text}");
            _faults.ExecuteWrite(words, subject);
            return;
        }

        if (!NodeName.TryParse(subject, out var name) || !cluster.Nodes.TryGetValue(name, out var node))
            throw new SimulationException($"sim_hardware_cmd: no such node '{subject}'");
        cluster.Log.Hardware(source, $"execute {text}");
        ExecuteOn(node, words);
    }

    private void ExecuteOn(SimulatedNode node, CommandWords words)
    {
        switch (words.Command)
        {
            case "power":
                Power(node, words.Action);
                break;
            case "network":
                node.Machine.NetworkOn = words.Action switch
                {
                    "on" => true,
                    "off" => false,
                    var other => throw new SimulationException($"sim_hardware_cmd: unknown network action '{other}'"),
                };
                break;
            case "reboot" or "shutdown":
                node.Machine.Shutdown = words.Command;
                node.StopLrm();
                break;
            case "restart-lrm":
                node.RestartLrm();
                break;
            case "cfs":
                SetClusterFileSystem(node.Machine, words);
                break;
            case "pve-manager-version":
                if (words.Action != "set")
                    throw new SimulationException($"sim_hardware_cmd: unknown version action '{words.Action}'");
                node.Machine.Version = words.Parameter;
                break;
            case "fault":
                FaultCommands.SetFault(node.Machine, words);
                break;
            case "membership":
                FaultCommands.SetMembership(node.Machine, words);
                break;
            case "crm":
                Manage(node, words);
                break;
            default:
                throw new SimulationException($"sim_hardware_cmd: unknown command '{words.Text}'");
        }
    }

    private void Power(SimulatedNode node, string action)
    {
        switch (action)
        {
            case "on":
                node.PowerOn();
                break;
            case "off":
                if (node.Machine.PowerOn)
                {
                    node.PowerOff();
                    cluster.Watchdogs.Reset(node.Name);
                    cluster.Story.Running.Clear(node.Name);
                }

                (node.Machine.PowerOn, node.Machine.NetworkOn, node.Machine.Shutdown) = (false, false, null);
                break;
            default:
                throw new SimulationException($"sim_hardware_cmd: unknown action '{action}'");
        }
    }

    private static void SetClusterFileSystem(Machine machine, CommandWords words)
    {
        if (words.Action is not ("rw" or "update"))
            throw new SimulationException($"sim_hardware_cmd: unknown cfs action '{words.Action}' for node '{machine.Name}'");
        var works = words.Parameter switch
        {
            "work" => true,
            "fail" => false,
            var other => throw new SimulationException($"sim_hardware_cmd: unknown cfs command '{other}' for '{words.Action}' on node '{machine.Name}'"),
        };
        if (words.Action == "rw")
            machine.DocumentsWork = works;
        else
            machine.UpdatesWork = works;
    }

    private void Manage(SimulatedNode node, CommandWords words)
    {
        switch (words.Action)
        {
            case "stop":
                node.StopCrm();
                break;
            case "start":
                node.StartCrm();
                break;
            case "enable-node-maintenance" or "disable-node-maintenance":
                cluster.Store.Queue($"{words.Action} {node.Name}");
                break;
            case "disarm-ha" when words.Parameter is "freeze" or "ignore":
                cluster.Store.Queue($"disarm-ha {words.Parameter}");
                break;
            case "disarm-ha":
                throw new SimulationException($"sim_hardware_cmd: unknown resource mode '{words.Parameter}'");
            case "arm-ha":
                cluster.Store.Queue("arm-ha");
                break;
            default:
                throw new SimulationException($"sim_hardware_cmd: unknown action '{words.Action}'");
        }
    }

    private static bool LooksLikeResource(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && colon < text.Length - 1 && text.AsSpan(0, colon).IndexOfAnyExceptInRange('a', 'z') < 0;
    }
}
