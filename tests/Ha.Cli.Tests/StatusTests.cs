using Ha.Cli.Output;
using Ha.Core.Model;

namespace Ha.Cli.Tests;

public sealed class StatusTests
{
    private const string Example = """
        quorum OK
        master node1 (active, Sun Nov 22 09:23:50 2026)
        fencing armed (CRM watchdog active)
        lrm node1 (active, watchdog active, Sun Nov 22 09:23:50 2026)
        lrm node2 (maintenance mode, watchdog active, Sun Nov 22 09:23:50 2026)
        lrm node3 (idle, watchdog standby, Sun Nov 22 09:23:50 2026)
        lrm node4 (old timestamp - dead?, watchdog standby, Sun Nov 22 09:22:10 2026)
        service ct:300 (node3, deleting)
        service vm:100 (node1, started)
        service vm:101 (node2, starting)
        service ct:200 (node3, queued)

        """;

    private readonly Cli _cli = new();

    public StatusTests()
    {
        _cli.Put("ha/manager_status", $$$$"""
            {"master_node":"node1","timestamp":{{{{Cli.Now}}}},"node_status":{"node4":"fence","node2":"maintenance","node1":"online","node3":"online"},
            "service_status":{"vm:101":{"state":"started","node":"node2","uid":"b"},"vm:100":{"state":"started","node":"node1","running":1,"uid":"a"},
            "ct:300":{"state":"stopped","node":"node3","uid":"c"}}}
            """);
        PutLrm("node1", "active", "active", 0);
        PutLrm("node2", "maintenance", "maintenance", 0);
        PutLrm("node3", "active", "wait_for_agent_lock", 0);
        PutLrm("node4", "active", "active", -100);
        _cli.Put("ha/resources.cfg", "vm: 101\n\nvm: 100\n\tcomment it's: a test\n\nct: 200\n\n");
        _cli.Put("ha/inventory", """{"vm:101":{"node":"node2"},"vm:100":{"node":"node1"},"ct:200":{"node":"node3"}}""");
    }

    [Fact]
    public async Task Everything_is_shown_in_the_fields_words_and_order() => await ShowsAsync(Example);

    [Fact]
    public async Task Without_quorum_the_last_known_state_is_shown()
    {
        _cli.HasNoQuorum = true;
        await ShowsAsync(Example.Replace("quorum OK", "quorum No quorum on node 'node1'!", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_empty_store_is_a_cluster_on_standby()
    {
        var empty = new Cli();
        Assert.Equal(new CliResult(0, "quorum OK\nfencing standby (CRM watchdog standby)\n", ""), await empty.RunAsync("status"));
    }

    [Theory]
    [InlineData(30, "node1 (active, ", "armed (CRM watchdog active)")]
    [InlineData(31, "node1 (old timestamp - dead?, ", "standby (CRM watchdog standby)")]
    [InlineData(-2, "node1 (active, ", "armed (CRM watchdog active)")]
    [InlineData(-3, "node1 (detected time drift!, ", "standby (CRM watchdog standby)")]
    public async Task A_master_is_judged_by_the_age_of_its_time_stamp(int age, string master, string fencing)
    {
        _cli.Put("ha/manager_status", $$"""{"master_node":"node1","timestamp":{{Cli.Now - age}}}""");
        var lines = (await _cli.RunAsync("status")).Out.Split('\n');
        Assert.StartsWith("master " + master, lines[1], StringComparison.Ordinal);
        Assert.Equal("fencing " + fencing, lines[2]);
    }

    [Fact]
    public async Task A_silent_master_of_a_cluster_without_resources_is_idle()
    {
        _cli.Put("ha/manager_status", $$"""{"master_node":"node1","timestamp":{{Cli.Now - 4000}}}""");
        _cli.Put("ha/resources.cfg", "");
        Assert.Contains("master node1 (idle, ", (await _cli.RunAsync("status")).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("disarming", "freeze", "disarming, resource mode: freeze (CRM watchdog active)")]
    [InlineData("disarmed", "ignore", "disarmed, resource mode: ignore (CRM watchdog released)")]
    public async Task A_disarmed_stack_is_shown(string state, string mode, string fencing)
    {
        _cli.Put("datacenter.cfg", "crs: ha=static\n");
        _cli.Put("ha/manager_status", $$$"""{"master_node":"node1","timestamp":{{{Cli.Now}}},"disarm":{"mode":"{{{mode}}}","state":"{{{state}}}"}}""");
        var result = (await _cli.RunAsync("status")).Out;
        Assert.Contains($"master node1 (active, Sun Nov 22 09:23:50 2026) - {state}, resource mode: {mode} - static load CRS\nfencing {fencing}\n", result, StringComparison.Ordinal);
        Assert.Contains(mode == "ignore" ? "service vm:100 (node1, ignore)" : "service vm:100 (node1, queued)", result, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("active", "active", 0, "active, watchdog active")]
    [InlineData("active", "wait_for_agent_lock", 0, "wait_for_agent_lock, watchdog standby")]
    [InlineData("active", "lost_agent_lock", 0, "lost_agent_lock, watchdog standby")]
    [InlineData("restart", "active", 0, "restart mode, watchdog active")]
    [InlineData("disarm", "active", 0, "disarm mode, watchdog active")]
    [InlineData("disarm", "wait_for_agent_lock", 0, "disarm mode, watchdog released")]
    [InlineData("disarm", "active", -100, "disarm mode, watchdog released")]
    [InlineData("maintenance", "maintenance", -100, "maintenance mode, watchdog standby")]
    [InlineData("restart", "active", -100, "old timestamp - dead?, watchdog standby")]
    [InlineData("active", "active", 100, "detected time drift!, watchdog standby")]
    public async Task An_lrm_is_shown_by_mode_state_and_age(string mode, string state, int offset, string text)
    {
        PutLrm("node1", mode, state, offset);
        Assert.Contains($"lrm node1 ({text}, ", (await _cli.RunAsync("status")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_whose_lrm_never_wrote_is_named_with_a_warning()
    {
        _cli.Put("ha/manager_status", """{"node_status":{"node9":"unknown"}}""");
        var result = await _cli.RunAsync("status");
        Assert.Contains("lrm node9 (unable to read lrm status)\n", result.Out, StringComparison.Ordinal);
        Assert.Equal((0, "unable to read file 'nodes/node9/lrm_status'\n"), (result.Exit, result.Error));
    }

    [Fact]
    public async Task A_damaged_lrm_status_spoils_only_its_line()
    {
        _cli.Put("nodes/node2/lrm_status", "not json");
        var result = await _cli.RunAsync("status");
        Assert.Equal(Example.Replace("node2 (maintenance mode, watchdog active, Sun Nov 22 09:23:50 2026)", "node2 (unable to read lrm status)", StringComparison.Ordinal), result.Out);
        Assert.Equal(
            (255, "document 'nodes/node2/lrm_status' is damaged: lrm status is not JSON: line 1, byte 2: delete it, and its node's LRM writes it anew\n"),
            (result.Exit, result.Error));
    }

    [Fact]
    public async Task A_damaged_manager_status_leaves_what_others_know()
    {
        _cli.Put("ha/manager_status", """{"node_status":[]}""");
        _cli.Put("nodes/node4/member", "{}");
        var result = await _cli.RunAsync("status");
        Assert.Equal(255, result.Exit);
        Assert.StartsWith("document 'ha/manager_status' is damaged: ", result.Error, StringComparison.Ordinal);
        Assert.StartsWith("quorum OK\nfencing unknown (the manager status is damaged)\nlrm node1 (", result.Out, StringComparison.Ordinal);
        Assert.EndsWith("service ct:200 (node3, unknown)\nservice vm:100 (node1, unknown)\nservice vm:101 (node2, unknown)\n", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_inventory_leaves_the_nodes_that_the_manager_knows()
    {
        _cli.Put("ha/inventory", "[]");
        var result = await _cli.RunAsync("status");
        Assert.Equal((255, true), (result.Exit, result.Error.StartsWith("document 'ha/inventory' is damaged: ", StringComparison.Ordinal)));
        Assert.Contains("service vm:100 (node1, started)\n", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_read_of_the_configuration_is_said_and_is_no_failure()
    {
        _cli.Put("ha/resources.cfg", "vm: 5\n\nvm: 101\n\nvm: 100\n\nct: 200\n\n");
        Assert.Equal(new CliResult(0, Example, "file ha/resources.cfg line 1 (skip section 'vm:5'): invalid VMID\n"), await _cli.RunAsync("status"));
    }

    [Fact]
    public async Task Verbose_adds_the_stored_documents()
    {
        _cli.Put("ha/manager_status", """{"timestamp":5,"node_status":{"node4":"online"},"a":[]}""");
        var result = await _cli.RunAsync("status", "--verbose");
        Assert.EndsWith(
            """
            full cluster state:
            {
               "lrm_status" : {
                  "node4" : {
                     "mode" : "active",
                     "results" : {},
                     "state" : "active",
                     "timestamp" : 1795339330
                  }
               },
               "manager_status" : {
                  "a" : [],
                  "node_status" : {
                     "node4" : "online"
                  },
                  "timestamp" : 5
               },
               "quorum" : {
                  "node" : "node1",
                  "quorate" : "1"
               }
            }

            """,
            result.Out,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verbose_on_an_empty_store_shows_the_empty_node_list() =>
        Assert.EndsWith("{\n   \"manager_status\" : {\n      \"node_status\" : {}\n   },\n   \"quorum\" : {\n      \"node\" : \"node1\",\n      \"quorate\" : \"1\"\n   }\n}\n", (await new Cli().RunAsync("status", "--verbose", "1")).Out, StringComparison.Ordinal);

    [Fact]
    public async Task Json_holds_the_fields_of_every_entry_sorted_on_one_line()
    {
        var result = await _cli.RunAsync("status", "--output-format", "json");
        Assert.StartsWith(
            "[{\"id\":\"quorum\",\"node\":\"node1\",\"quorate\":1,\"status\":\"OK\",\"type\":\"quorum\"},"
            + "{\"id\":\"master\",\"node\":\"node1\",\"status\":\"node1 (active, Sun Nov 22 09:23:50 2026)\",\"timestamp\":1795339430,\"type\":\"master\"},"
            + "{\"armed-state\":\"armed\",\"id\":\"fencing\",\"node\":\"node1\",\"status\":\"armed (CRM watchdog active)\",\"type\":\"fencing\"},",
            result.Out,
            StringComparison.Ordinal);
        Assert.Contains(
            "{\"comment\":\"it's: a test\",\"crm_state\":\"started\",\"failback\":1,\"id\":\"service:vm:100\",\"max_relocate\":1,\"max_restart\":1,\"node\":\"node1\",\"request_state\":\"started\",\"sid\":\"vm:100\",\"state\":\"started\",\"status\":\"vm:100 (node1, started)\",\"type\":\"service\"}",
            result.Out,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Yaml_quotes_what_could_be_read_as_something_else()
    {
        var result = await _cli.RunAsync("status", "--output-format=yaml");
        Assert.StartsWith("---\n- id: quorum\n  node: node1\n  quorate: 1\n  status: OK\n  type: quorum\n- id: master\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("- comment: 'it''s: a test'\n  crm_state: started\n", result.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text", "quorum OK\nfencing standby (CRM watchdog standby)\n")]
    [InlineData("json", """[{"id":"quorum","node":"node1","quorate":1,"status":"OK","type":"quorum"},{"armed-state":"standby","id":"fencing","node":"node1","status":"standby (CRM watchdog standby)","type":"fencing"}]""" + "\n")]
    [InlineData("json-pretty", "[\n   {\n      \"id\" : \"quorum\",\n      \"node\" : \"node1\",\n      \"quorate\" : 1,\n      \"status\" : \"OK\",\n      \"type\" : \"quorum\"\n   },\n   {\n      \"armed-state\" : \"standby\",\n      \"id\" : \"fencing\",\n      \"node\" : \"node1\",\n      \"status\" : \"standby (CRM watchdog standby)\",\n      \"type\" : \"fencing\"\n   }\n]\n")]
    [InlineData("yaml", "---\n- id: quorum\n  node: node1\n  quorate: 1\n  status: OK\n  type: quorum\n- armed-state: standby\n  id: fencing\n  node: node1\n  status: standby (CRM watchdog standby)\n  type: fencing\n")]
    public async Task Each_format_of_an_empty_clusters_status_is_known_to_the_last_byte(string format, string expected) =>
        Assert.Equal(new CliResult(0, expected, ""), await new Cli().RunAsync("status", "--output-format", format));

    [Fact]
    public async Task An_unknown_format_is_refused() => await _cli.RefusesAsync(
        "400 Parameter verification failed.\noutput-format: value 'xml' does not have a value in the enumeration 'text, json, json-pretty, yaml'\nha-manager status  [OPTIONS]",
        "status", "--output-format", "xml");

    [Theory]
    [InlineData(ServiceState.Stopped, false, WantedState.Started, "starting")]
    [InlineData(ServiceState.Stopped, false, WantedState.Disabled, "disabled")]
    [InlineData(ServiceState.Stopped, false, WantedState.Stopped, "stopped")]
    [InlineData(ServiceState.Started, false, WantedState.Stopped, "starting")]
    [InlineData(ServiceState.Started, true, WantedState.Stopped, "stopping")]
    [InlineData(ServiceState.Started, true, WantedState.Disabled, "stopping")]
    [InlineData(ServiceState.Error, false, WantedState.Disabled, "clearing error flag")]
    [InlineData(ServiceState.Error, false, WantedState.Started, "error")]
    [InlineData(ServiceState.Fence, false, WantedState.Started, "fence")]
    [InlineData(ServiceState.Started, true, WantedState.Ignored, "ignored")]
    public void A_services_state_comes_from_what_is_and_what_is_wanted(ServiceState state, bool running, WantedState wanted, string text)
    {
        var record = new ServiceRecord { State = state, Running = running };
        var settings = new ResourceSettings { State = wanted, Node = NodeName.Parse("node1") };
        Assert.Equal(text, ServiceStatusLine.StateOf(null, record, settings));
        Assert.Equal("ignore", ServiceStatusLine.StateOf(new Disarm("ignore", "disarming"), record, settings));
        Assert.Equal("deleting", ServiceStatusLine.StateOf(null, record, null));
        Assert.Equal(wanted == WantedState.Ignored ? "ignored" : "not found", ServiceStatusLine.StateOf(null, record, settings with { Node = null }));
    }

    [Theory]
    [InlineData(0, "Thu Jan  1 00:00:00 1970")]
    [InlineData(1761987600, "Sat Nov  1 09:00:00 2025")]
    [InlineData(long.MaxValue, "Thu Dec 30 23:59:59 9999")]
    [InlineData(-5, "Thu Jan  1 00:00:00 1970")]
    public void Times_have_one_form_whatever_the_number(long seconds, string text) => Assert.Equal(text, Freshness.Show(seconds, TimeZoneInfo.Utc));

    private async Task ShowsAsync(string expected) => Assert.Equal(new CliResult(0, expected, ""), await _cli.RunAsync("status"));

    private void PutLrm(string node, string mode, string state, int offset) =>
        _cli.Put($"nodes/{node}/lrm_status", $$$"""{"mode":"{{{mode}}}","state":"{{{state}}}","timestamp":{{{Cli.Now + offset}}},"results":{}}""");
}
