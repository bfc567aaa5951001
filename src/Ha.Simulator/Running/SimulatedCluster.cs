using Ha.Core.Config;
using Ha.Core.Model;
using Ha.Core.Stores;
using Ha.Simulator.Agents;
using Ha.Simulator.Hardware;
using Ha.Simulator.Nodes;
using Ha.Simulator.Reporting;
using Ha.Simulator.Scenario;

namespace Ha.Simulator.Running;

/// <summary>Everything of one run: the hardware, the nodes, what is stored.</summary>
internal sealed class SimulatedCluster
{
    /// <summary>The cluster as the scenario describes it, at second 0.</summary>
    public SimulatedCluster(ScenarioStory story)
    {
        Story = story;
        Settings = new SimulatedSettings(story.Datacenter);
        Log = new SimulationLog(Clock);
        Watchdogs = new WatchdogTable(Clock);
        var network = new ClusterNetwork(story.Machines);
        Store = new SimulatedStore(network);
        WriteDocuments(story);
        CheckFenceDevices(story);

        var factory = new DaemonFactory(Store, network, Watchdogs, new GuestWorld(story.Services, story.Running), Settings, new SimulatedStatistics(story, Log), FenceAgents);
        foreach (var (name, machine) in story.Machines)
            Nodes.Add(name, new SimulatedNode(machine, PlaceOf(name, "crm"), PlaceOf(name, "lrm"), factory));
    }

    public ScenarioStory Story { get; }

    public HardwareClock Clock { get; } = new();

    public SimulationLog Log { get; }

    public WatchdogTable Watchdogs { get; }

    public SimulatedStore Store { get; }

    public SimulatedSettings Settings { get; }

    public SimulatedFenceAgents FenceAgents { get; } = new();

    public SortedList<NodeName, SimulatedNode> Nodes { get; } = [];

    /// <summary>What the field would write to standard error.</summary>
    public List<string> Warnings { get; } = [];

    private void WriteDocuments(ScenarioStory story)
    {
        var documents = new[]
        {
            (DocumentKeys.ManagerStatus, story.ManagerStatus),
            (DocumentKeys.Rules, story.Rules),
            (DocumentKeys.Groups, story.Groups),
            (DocumentKeys.FenceDevices, story.FenceDevices),
        };
        foreach (var (key, text) in documents)
        {
            if (text is not null)
                Store.Write(key, text);
        }
    }

    private void CheckFenceDevices(ScenarioStory story)
    {
        var reading = FenceReader.Read(Path.Combine(story.Folder, "fence.cfg"), story.FenceDevices);
        Warnings.AddRange(reading.Warnings);
        if (reading.Error is { } error)
            Warnings.Add(error.TrimEnd('\n'));
    }

    private DaemonPlace PlaceOf(NodeName node, string daemon)
    {
        var clock = new DaemonClock(Clock);
        return new DaemonPlace(clock, new DaemonLog(Log, $"{node}/{daemon}", clock));
    }
}
