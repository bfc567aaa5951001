using System.Text.Json;
using Ha.Core.Model;
using Ha.Core.Stores;
using Ha.Simulator.Hardware;

namespace Ha.Simulator.Scenario;

/// <summary>Reads a scenario folder. Everything that is wrong is found here, before the run begins.</summary>
public static class ScenarioReader
{
    /// <summary>The file that makes a folder a scenario.</summary>
    public const string CommandFile = "cmdlist";

    /// <summary>Reads and checks a folder.</summary>
    /// <exception cref="ScenarioException">It cannot be run: the message names file, place, and what was expected.</exception>
    public static ScenarioStory Read(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (!Directory.Exists(folder))
            throw new ScenarioException($"testdir '{folder}' does not exist or is not a directory!");
        var files = new ScenarioFiles(folder);
        var machines = MachineReader.Read(files.Json("hardware_status"));
        var services = ServiceReader.Read(files.Json("service_config"));
        return new ScenarioStory
        {
            Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))),
            Folder = folder,
            Batches = ReadBatches(files.Json(CommandFile) ?? throw new ScenarioException($"{files.PathOf(CommandFile)}: the file is missing, expected the list of command batches, such as [ [ \"power node1 on\" ] ]")),
            Machines = machines,
            Services = services,
            Running = ReadRunning(files, machines),
            Usage = UsageReader.Read(files.Json("static_service_stats"), files.Json("dynamic_service_stats"), services),
            Datacenter = DatacenterReader.Read(files.Json("datacenter.cfg")),
            ManagerStatus = ReadManagerStatus(files),
            Rules = files.Bytes("rules_config"),
            Groups = files.Bytes("groups"),
            FenceDevices = files.Bytes("fence.cfg"),
        };
    }

    private static List<IReadOnlyList<string>> ReadBatches(JsonValue root)
    {
        var batches = new List<IReadOnlyList<string>>();
        foreach (var batch in root.AsArray("the list of batches"))
            batches.Add([.. batch.AsArray("a batch of commands").Select(c => c.AsText("a command"))]);
        return batches;
    }

    private static RunningServices ReadRunning(ScenarioFiles files, SortedList<NodeName, Machine> machines)
    {
        var running = new RunningServices(machines.Keys);
        foreach (var node in machines.Keys)
        {
            foreach (var (id, value) in files.Json($"service_status_{node}")?.AsObject("the node's services") ?? [])
                running.SetRaw(node, id, value.ToScalar());
        }

        return running;
    }

    private static byte[]? ReadManagerStatus(ScenarioFiles files)
    {
        var text = files.Bytes("manager_status");
        if (text is null)
            return null;
        var root = JsonFile.Parse(files.PathOf("manager_status"), text);
        root.AsObject("the manager status");
        try
        {
            ManagerStatusDocument.Parse(text);
        }
        catch (Exception e) when (e is DocumentException or JsonException or InvalidOperationException)
        {
            throw root.At($"{e.Message}; expected a manager status");
        }

        return text;
    }
}
