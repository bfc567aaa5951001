using Ha.Simulator.Scenario;

namespace Ha.Simulator.Tests.Scenario;

/// <summary>A scenario that cannot be run says which file is wrong, where, and what was expected.</summary>
public class MalformedScenarioTests
{
    [Theory]
    [InlineData("cmdlist", "[ [ \"power node1 on\", ] ]", "cmdlist:1:23: expected strict JSON")]
    [InlineData("cmdlist", "[\n  [ \"power node1 on\"\n", "cmdlist:3:1: expected strict JSON")]
    [InlineData("cmdlist", "// a comment\n[]", "cmdlist:1:1: expected strict JSON")]
    [InlineData("cmdlist", "[] []", "cmdlist:1:4: expected strict JSON")]
    [InlineData("cmdlist", "", "cmdlist:1:1: expected strict JSON")]
    [InlineData("cmdlist", "{}", "cmdlist:1:1: found an object, expected the list of batches as an array [ … ]")]
    [InlineData("cmdlist", "[\n \"power node1 on\" ]", "cmdlist:2:2: found \"power node1 on\", expected a batch of commands as an array [ … ]")]
    [InlineData("cmdlist", "[ [ 7 ] ]", "cmdlist:1:5: found 7, expected a command as a text")]
    [InlineData("hardware_status", "{}", "hardware_status:1:1: found no node, expected at least one")]
    [InlineData("hardware_status", """{ "node1": { "power": "off", "network": "off" }, "node1": {} }""", "hardware_status:1:50: found \"node1\" for the second time, expected each name once")]
    [InlineData("hardware_status", """{ "node1": { "power": "off" } }""", "hardware_status:1:12: \"network\" is missing, expected \"on\" or \"off\"")]
    [InlineData("hardware_status", """{ "node1": { "power": "up", "network": "off" } }""", "hardware_status:1:23: found \"up\", expected \"on\" or \"off\"")]
    [InlineData("hardware_status", """{ "node_1": { "power": "off", "network": "off" } }""", "hardware_status:1:13: found the node \"node_1\", expected a node name")]
    [InlineData("service_config", """{ "exec:web": { "node": "node1" } }""", "service_config:1:15: found the service \"exec:web\", expected 'vm:', 'ct:' or 'fa:' and digits")]
    [InlineData("service_config", """{ "vm:101": { "state": "started" } }""", "service_config:1:13: service 'vm:101' without assigned node!")]
    [InlineData("service_config", """{ "vm:101": { "node": "node1", "state": "running" } }""", "service_config:1:41: found \"running\", expected \"started\", \"stopped\", \"disabled\" or \"ignored\"")]
    [InlineData("service_config", """{ "vm:101": { "node": "node1", "max_restart": "often" } }""", "service_config:1:47: found \"often\", expected a number")]
    [InlineData("manager_status", """{ "service_status": { "vm:101": { "state": "dancing" } } }""", "manager_status:1:1: manager status is damaged: service_status.vm:101.state: unknown service state 'dancing'; expected a manager status")]
    [InlineData("manager_status", "[]", "manager_status:1:1: found an array, expected the manager status as an object { … }")]
    [InlineData("datacenter.cfg", """{ "crs": { "ha": 7 } }""", "datacenter.cfg:1:18: found 7, expected a word as a text")]
    [InlineData("datacenter.cfg", """{ "crs": { "ha-auto-rebalance-margin": -1 } }""", "datacenter.cfg:1:40: found -1, expected a number, 0 or more")]
    [InlineData("static_service_stats", """{ "vm:101": { "maxcpu": "many" } }""", "static_service_stats:1:25: found \"many\", expected a number")]
    public void A_mistake_is_named_with_its_place(string file, string text, string complaint)
    {
        using var scenario = new TemporaryScenario().With(file, text);
        var error = Assert.Throws<ScenarioException>(() => ScenarioReader.Read(scenario.Folder));
        Assert.StartsWith($"{scenario.Folder}/{complaint}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Fence_devices_are_checked_and_change_no_log()
    {
        using var scenario = new TemporaryScenario();
        var without = scenario.Run();
        var with = scenario.With("fence.cfg", "device a fence_a x=1\nconnect a node=node1 plug=1\nconnect a node=node2 plug=2\n").Run();
        Assert.Equal((without.Log, null), (with.Log, with.Error));
        Assert.Empty(with.Warnings);
        var faulty = scenario.With("fence.cfg", "device a\nconnect b node=node1 plug=1\n").Run();
        Assert.Equal(without.Log, faulty.Log);
        Assert.Equal(
            [
                $"{scenario.Folder}/fence.cfg ignore line 1: device a",
                $"Encountered error(s) on parsing '{scenario.Folder}/fence.cfg':\nline 2: device 'b' must be declared before you can connect to it",
            ],
            faulty.Warnings);
    }

    [Theory]
    [InlineData("rules_config", "\n  \n# nothing\n")]
    [InlineData("groups", "")]
    [InlineData("fence.cfg", "# nothing\n")]
    [InlineData("datacenter.cfg", """{ "crs": { "ha": "basic", "ha-auto-rebalance": 1 } }""")]
    public void A_file_without_content_asks_for_nothing(string file, string text)
    {
        using var scenario = new TemporaryScenario().With(file, text);
        Assert.Null(scenario.Run().Error);
    }

    [Fact]
    public void A_scenario_needs_commands()
    {
        using var scenario = new TemporaryScenario().Without("cmdlist");
        Assert.StartsWith($"{scenario.Folder}/cmdlist: the file is missing, expected", Assert.Throws<ScenarioException>(() => ScenarioReader.Read(scenario.Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scenario_is_a_folder() =>
        Assert.Equal("testdir 'nowhere/at/all' does not exist or is not a directory!", Assert.Throws<ScenarioException>(() => ScenarioReader.Read("nowhere/at/all")).Message);

    [Fact]
    public void Without_files_there_are_three_nodes_that_are_off_and_six_disabled_services()
    {
        using var scenario = new TemporaryScenario().Without("service_config");
        var story = ScenarioReader.Read(scenario.Folder);
        Assert.Equal(["node1", "node2", "node3"], story.Machines.Keys.Select(n => n.Value));
        Assert.Equal(["node1", "node2", "node3", "node1", "node2", "node3"], story.Services.Entries.Values.Select(e => e.Node));
        Assert.All(story.Services.Entries.Values, e => Assert.Equal("disabled", e.EffectiveState));
        Assert.Equal(4, story.Usage.Static["vm:106"]["maxcpu"]);
        Assert.Equal(2147483648, story.Usage.Dynamic["vm:106"]["mem"]);
    }
}
