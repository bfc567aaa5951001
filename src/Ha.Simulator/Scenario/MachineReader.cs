using Ha.Core.Model;
using Ha.Simulator.Hardware;

namespace Ha.Simulator.Scenario;

/// <summary>Reads <c>hardware_status</c>.</summary>
internal static class MachineReader
{
    /// <summary>The machines; three that are off if there is no file.</summary>
    public static SortedList<NodeName, Machine> Read(JsonValue? root)
    {
        var machines = new SortedList<NodeName, Machine>();
        if (root is null)
        {
            for (var number = 1; number <= 3; number++)
            {
                var name = NodeName.Parse($"node{number}");
                machines.Add(name, new Machine(name) { Cores = Machine.DefaultCores, MemoryBytes = Machine.DefaultMemoryBytes });
            }

            return machines;
        }

        foreach (var (key, value) in root.AsObject("the nodes"))
        {
            if (!NodeName.TryParse(key, out var name))
                throw value.At($"found the node \"{key}\", expected a node name of letters, digits and inner hyphens");
            machines.Add(name, ReadMachine(name, value));
        }

        return machines.Count > 0 ? machines : throw root.At("found no node, expected at least one");
    }

    private static Machine ReadMachine(NodeName name, JsonValue value)
    {
        value.AsObject($"the hardware of '{name}'");
        var cfs = value.Find("cfs");
        cfs?.AsObject("the state of the cluster file system");
        return new Machine(name)
        {
            PowerOn = ReadSwitch(value, "power"),
            NetworkOn = ReadSwitch(value, "network"),
            Shutdown = ReadShutdown(value.Find("shutdown")),
            Cores = value.Find("maxcpu")?.AsNumber(),
            MemoryBytes = value.Find("maxmem")?.AsNumber(),
            Version = value.Find("pve-manager-version")?.AsText("a version") ?? Machine.DefaultVersion,
            DocumentsWork = cfs?.Find("rw")?.IsTruthy ?? true,
            UpdatesWork = cfs?.Find("update")?.IsTruthy ?? true,
        };
    }

    private static bool ReadSwitch(JsonValue machine, string key)
    {
        var value = machine.Find(key) ?? throw machine.At($"\"{key}\" is missing, expected \"on\" or \"off\"");
        return value.AsText("\"on\" or \"off\"") switch
        {
            "on" => true,
            "off" => false,
            _ => throw value.Unexpected("\"on\" or \"off\""),
        };
    }

    private static string? ReadShutdown(JsonValue? value) =>
        value is null || value.Text is "shutdown" or "reboot" ? value?.Text : throw value.Unexpected("null, \"shutdown\" or \"reboot\"");
}
