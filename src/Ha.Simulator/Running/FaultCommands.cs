using System.Text;
using Ha.Core.Model;
using Ha.Simulator.Hardware;
using Ha.Simulator.Nodes;
using Ha.Simulator.Scenario;

namespace Ha.Simulator.Running;

/// <summary>Executes the commands that break single things, and change what is stored behind the daemons' backs.</summary>
internal sealed class FaultCommands(SimulatedCluster cluster)
{
    /// <summary>The command that replaces a document.</summary>
    public const string Write = "write";

    private const string Datacenter = "datacenter.cfg";

    /// <summary>Breaks or repairs one thing for a node's daemons.</summary>
    /// <exception cref="SimulationException">There is no such thing.</exception>
    public static void SetFault(Machine machine, CommandWords words)
    {
        if (words.Action is not (Machine.WatchdogFault or Machine.ReleaseFault or StoredDocuments.ServiceConfig) && StoredDocuments.KeyOf(words.Action) is null)
            throw new SimulationException($"sim_hardware_cmd: unknown fault '{words.Action}' for node '{machine.Name}'");
        switch (words.Parameter)
        {
            case "on":
                machine.Faults.Add(words.Action);
                break;
            case "off":
                machine.Faults.Remove(words.Action);
                break;
            default:
                throw new SimulationException($"sim_hardware_cmd: unknown fault command '{words.Parameter}' for '{words.Action}' on node '{machine.Name}'");
        }
    }

    /// <summary>Removes a node from the cluster, or adds it again.</summary>
    /// <exception cref="SimulationException">Neither is asked for.</exception>
    public static void SetMembership(Machine machine, CommandWords words) => machine.IsMember = words.Action switch
    {
        "join" => true,
        "leave" => false,
        var other => throw new SimulationException($"sim_hardware_cmd: unknown membership action '{other}'"),
    };

    /// <summary>Replaces a document by the text that follows its name.</summary>
    /// <exception cref="SimulationException">There is no such document, or the settings make no sense.</exception>
    public void ExecuteWrite(CommandWords words, string name)
    {
        var rest = words.Text[(words.Text.IndexOf(name, StringComparison.Ordinal) + name.Length)..];
        var text = Encoding.UTF8.GetBytes(rest.Length > 0 ? rest[1..] : "");
        if (name == Datacenter)
            cluster.Settings.Current = ReadSettings(text);
        else
            cluster.Store.Write(StoredDocuments.KeyOf(name) ?? throw new SimulationException($"sim_hardware_cmd: no such document '{name}'"), text);
    }

    private static DatacenterSettings ReadSettings(byte[] text)
    {
        try
        {
            return DatacenterReader.Read(JsonFile.Parse(Datacenter, text));
        }
        catch (ScenarioException e)
        {
            throw new SimulationException(e.Message);
        }
    }
}
