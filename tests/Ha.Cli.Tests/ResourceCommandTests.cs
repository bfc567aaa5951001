namespace Ha.Cli.Tests;

public sealed class ResourceCommandTests
{
    private static readonly string[] Exec = ["--start", "/bin/start 'a b'", "--stop", "/bin/stop", "--status", "/bin/status"];

    private readonly Cli _cli = new();

    [Fact]
    public async Task Added_resources_are_listed_sorted_as_they_are_stored()
    {
        await _cli.DoAsync("add", "vm:101", "--state", "stopped", "--max_relocate", "2", "--comment", "hello world");
        await _cli.DoAsync("add", "ct:200", "--failback", "0");
        Assert.Equal("vm: 101\n\tcomment hello world\n\tmax_relocate 2\n\tstate stopped\n\nct: 200\n\tfailback 0\n\n", _cli.Text("ha/resources.cfg"));
        Assert.Equal("""{"ct:200":{"node":"node1"},"vm:101":{"node":"node1"}}""", _cli.Text("ha/inventory"));
        const string listing = "ct:200\n\tfailback 0\n\nvm:101\n\tcomment hello world\n\tmax_relocate 2\n\tstate stopped\n\n";
        Assert.Equal(new CliResult(0, listing, ""), await _cli.RunAsync("config"));
        Assert.Equal(new CliResult(0, "ct:200\n\tfailback 0\n\n", ""), await _cli.RunAsync("config", "--type", "ct"));
    }

    [Fact]
    public async Task Nothing_is_listed_where_nothing_is_configured() => await _cli.DoAsync("config");

    [Fact]
    public async Task An_exec_resource_has_commands_and_a_home()
    {
        await _cli.DoAsync(["add", "exec:web", .. Exec, "--timeout", "5", "--node", "node2"]);
        Assert.Equal("exec: web\n\tstart /bin/start 'a b'\n\tstatus /bin/status\n\tstop /bin/stop\n\ttimeout 5\n\n", _cli.Text("ha/resources.cfg"));
        Assert.Equal("""{"exec:web":{"node":"node2"}}""", _cli.Text("ha/inventory"));
        await _cli.DoAsync("set", "exec:web", "--start", "/bin/other", "--delete", "timeout");
        Assert.Equal("exec: web\n\tstart /bin/other\n\tstatus /bin/status\n\tstop /bin/stop\n\n", _cli.Text("ha/resources.cfg"));
    }

    [Fact]
    public async Task An_exec_resource_without_its_commands_is_refused() => await _cli.RefusesAsync(
        "400 Parameter verification failed.\nstart: property is missing and it is not optional\nstatus: property is missing and it is not optional\nha-manager add <sid> [OPTIONS]",
        "add", "exec:web", "--stop", "x");

    [Theory]
    [InlineData("timeout: value must have a minimum value of 1", "0")]
    [InlineData("timeout: type check ('integer') failed - got '1.5'", "1.5")]
    public async Task A_time_limit_is_whole_seconds(string reason, string value) =>
        await _cli.RefusesAsync($"400 Parameter verification failed.\n{reason}\nha-manager add <sid> [OPTIONS]", ["add", "exec:web", .. Exec, "--timeout", value]);

    [Theory]
    [InlineData("unknown section type 'foo'", "foo:1")]
    [InlineData("invalid VMID", "vm:5")]
    [InlineData("invalid exec name '1web': start with a letter, go on with letters, digits, '_' or '-'", "exec:1web")]
    [InlineData("unable to parse service id 'vm:100:'", "vm:100:")]
    [InlineData("unable to detect SID from VMID - VM/CT 777 does not exist", "777")]
    [InlineData("types does not match", "vm:100", "--type", "ct")]
    [InlineData("invalid parameter 'group': ha groups have been migrated to rules", "vm:100", "--group", "gg")]
    [InlineData("property contains a line feed", "vm:100", "--comment", "a\nb")]
    [InlineData("no such cluster node 'node9' (nodes: node1, node2, node3)", "vm:100", "--node", "node9")]
    public async Task What_cannot_be_added_is_refused(string error, params string[] args) => await _cli.RefusesAsync(error, ["add", .. args]);

    [Fact]
    public async Task A_resource_is_added_once()
    {
        await _cli.DoAsync("add", "vm:101");
        await _cli.RefusesAsync("create resource failed: resource ID 'vm:101' already defined", "add", "vm:101", "--node", "node2");
    }

    [Fact]
    public async Task A_guest_number_stands_for_the_guest_that_has_it()
    {
        await _cli.DoAsync("add", "ct:200");
        await _cli.RefusesAsync("resource 'vm:200' - guest with ID 200 is not a VM", "add", "vm:200");
        await _cli.DoAsync("set", "200", "--state", "stopped");
        Assert.Equal("ct: 200\n\tstate stopped\n\n", _cli.Text("ha/resources.cfg"));
    }

    [Fact]
    public async Task A_machine_that_is_no_node_must_be_told_where_a_resource_lives()
    {
        _cli.LocalNode = "laptop";
        await _cli.RefusesAsync(
            "nobody says where 'vm:101' lives, and this machine ('laptop') is no cluster node: pass --node <node> (nodes: node1, node2, node3)", "add", "vm:101");
        await _cli.DoAsync("add", "vm:101", "--node", "node3");
    }

    [Fact]
    public async Task A_removed_resource_may_still_run_and_is_not_added_elsewhere()
    {
        await _cli.DoAsync(["add", "exec:web", .. Exec, "--node", "node2"]);
        await _cli.DoAsync("remove", "exec:web");
        Assert.Equal("", _cli.Text("ha/resources.cfg"));
        await _cli.RefusesAsync(
            "resource 'exec:web' lives on node 'node2': add it with --node node2, then migrate it to 'node1'", ["add", "exec:web", .. Exec, "--node", "node1"]);
        await _cli.DoAsync(["add", "exec:web", .. Exec]);
        Assert.Equal("""{"exec:web":{"node":"node2"}}""", _cli.Text("ha/inventory"));
    }

    [Fact]
    public async Task Without_quorum_nothing_is_added()
    {
        _cli.HasNoQuorum = true;
        await _cli.RefusesAsync("cluster not ready - no quorum?", "add", "vm:101");
    }

    [Fact]
    public async Task Without_quorum_other_changes_fail_at_the_lock()
    {
        await _cli.DoAsync("add", "vm:101");
        _cli.HasNoQuorum = true;
        var result = await _cli.RunAsync("set", "vm:101", "--state", "stopped");
        Assert.Equal((255, "update resources config failed: cfs-lock 'domain-ha' error: no quorum!"), (result.Exit, result.Error.TrimEnd('\n').Split('\n')[^1]));
        Assert.Equal("vm: 101\n\n", _cli.Text("ha/resources.cfg"));
    }

    [Fact]
    public async Task An_empty_comment_removes_it_and_deleted_properties_get_their_defaults_back()
    {
        await _cli.DoAsync("add", "vm:101", "--comment", "x", "--max_restart", "3", "--failback", "0");
        await _cli.DoAsync("set", "vm:101", "--comment", "", "--delete", "max_restart", "--delete", "failback");
        Assert.Equal("vm: 101\n\n", _cli.Text("ha/resources.cfg"));
    }

    [Fact]
    public async Task An_empty_set_rewrites_the_document()
    {
        _cli.Put("ha/resources.cfg", "# lost\nvm: 101\n");
        await _cli.DoAsync("set", "vm:101");
        Assert.Equal("vm: 101\n\n", _cli.Text("ha/resources.cfg"));
    }

    [Theory]
    [InlineData("no such resource 'vm:999'", "vm:999", "--state", "stopped")]
    [InlineData("no such option 'bogus'", "vm:101", "--delete", "bogus")]
    [InlineData("property contains a line feed", "vm:101", "--comment", "a\nb")]
    [InlineData("detected modified configuration - file changed by other user? Try again.", "vm:101", "--digest", "0000")]
    public async Task A_change_that_makes_no_sense_is_refused_under_its_operation(string error, params string[] args)
    {
        await _cli.DoAsync("add", "vm:101");
        var before = _cli.Text("ha/resources.cfg");
        Assert.Equal(new CliResult(255, "", $"update resources config failed: {error}\n"), await _cli.RunAsync(["set", .. args]));
        Assert.Equal(before, _cli.Text("ha/resources.cfg"));
    }

    [Fact]
    public async Task Commands_of_another_kind_are_refused()
    {
        await _cli.DoAsync("add", "vm:101");
        await _cli.RefusesAsync(
            "400 Parameter verification failed.\nstart: property is not defined in schema and the schema does not allow additional properties\nha-manager set <sid> [OPTIONS]",
            "set", "vm:101", "--start", "x");
    }

    [Fact]
    public async Task A_resource_in_error_can_only_be_disabled()
    {
        await _cli.DoAsync("add", "vm:101");
        _cli.Put("ha/manager_status", """{"service_status":{"vm:101":{"state":"error","node":"node1"}}}""");
        await _cli.RefusesAsync("service 'vm:101' in error state, must be disabled and fixed first", "set", "vm:101", "--comment", "x");
        await _cli.RefusesAsync("service 'vm:101' in error state, must be disabled and fixed first", "set", "vm:101");
        await _cli.DoAsync("set", "vm:101", "--state", "disabled");
    }

    [Fact]
    public async Task While_everything_is_ignored_the_error_state_guards_nothing()
    {
        await _cli.DoAsync("add", "vm:101");
        _cli.Put("ha/manager_status", """{"service_status":{"vm:101":{"state":"error","node":"node1"}},"disarm":{"mode":"ignore","state":"disarmed"}}""");
        await _cli.DoAsync("set", "vm:101", "--comment", "x");
    }

    [Fact]
    public async Task Groups_that_are_still_in_use_can_be_referred_to()
    {
        _cli.Put("ha/groups.cfg", "group: gg\n\tnodes node1\n\n");
        await _cli.DoAsync("add", "vm:101", "--group", "unchecked");
        await _cli.RefusesAsync("HA group 'hh' does not exist", "set", "vm:101", "--group", "hh");
        Assert.Equal(new CliResult(0, "vm:101\n\tgroup unchecked\n\n", "error: property 'group' - group 'unchecked' does not exist\n"), await _cli.RunAsync("config"));
        await _cli.DoAsync("set", "vm:101", "--group", "gg");
        _cli.Put("ha/groups.cfg", "");
        Assert.Equal(new CliResult(0, "vm:101\n\n", ""), await _cli.RunAsync("config"));
    }

    [Fact]
    public async Task What_is_not_configured_cannot_be_removed() =>
        await _cli.RefusesAsync("cannot delete service 'vm:101', not HA managed!", "remove", "vm:101");

    [Fact]
    public async Task A_removed_resource_leaves_the_rules_unless_they_are_kept()
    {
        await _cli.DoAsync("add", "vm:101");
        const string rules = "node-affinity: aa\n\tnodes node1\n\tresources vm:101,vm:102\n\nnode-affinity: bb\n\tnodes node1\n\tresources vm:101\n\n";
        _cli.Put("ha/rules.cfg", rules);
        await _cli.DoAsync("remove", "vm:101", "--purge", "0");
        Assert.Equal(rules, _cli.Text("ha/rules.cfg"));
        await _cli.DoAsync("add", "vm:101");
        await _cli.DoAsync("remove", "vm:101");
        Assert.Equal("node-affinity: aa\n\tnodes node1\n\tresources vm:102\n\n", _cli.Text("ha/rules.cfg"));
    }

    [Fact]
    public async Task Faulty_sections_are_named_and_survive_a_change()
    {
        _cli.Put("ha/resources.cfg", "vm: 101\n\tbogus 1\n\nfuture: x\n\tkey value\n\n");
        var result = await _cli.RunAsync("set", "vm:101", "--state", "stopped");
        Assert.Equal(0, result.Exit);
        Assert.Equal(
            "file ha/resources.cfg line 2 (section 'vm:101') - unable to parse value of 'bogus': unknown property type\n"
            + "file ha/resources.cfg line 4 (skip section 'future:x'): no such resource type 'future'\n",
            result.Error);
        Assert.Equal("vm: 101\n\tstate stopped\n\nfuture: x\n\tkey value\n\n", _cli.Text("ha/resources.cfg"));
    }

    [Fact]
    public async Task A_change_whose_answer_is_lost_is_found_and_not_reported_as_failed()
    {
        var held = _cli.Faults.HoldNextReply(); // The lock's; the write comes next.
        var adding = _cli.RunAsync("add", "vm:101");
        await held.Arrived;
        _cli.Faults.LoseNextReply();
        held.Release();
        Assert.Equal(new CliResult(0, "", ""), await adding);
        Assert.Equal("vm: 101\n\n", _cli.Text("ha/resources.cfg"));
    }

    [Fact]
    public async Task A_change_that_somebody_else_overtook_is_made_on_top_of_theirs()
    {
        await _cli.DoAsync("add", "vm:101");
        var held = _cli.Faults.HoldNextReply();
        var setting = _cli.RunAsync("set", "vm:101", "--state", "stopped");
        await held.Arrived;
        var write = _cli.Faults.HoldNextRequest();
        held.Release();
        await write.Arrived;
        _cli.Put("ha/resources.cfg", "vm: 101\n\nvm: 102\n\n");
        write.Release();
        Assert.Equal(new CliResult(0, "", ""), await setting);
        Assert.Equal("vm: 101\n\tstate stopped\n\nvm: 102\n\n", _cli.Text("ha/resources.cfg"));
    }

    [Fact]
    public async Task A_damaged_inventory_is_named_and_nothing_is_changed()
    {
        _cli.Put("ha/inventory", "nonsense");
        await _cli.RefusesAsync("document 'ha/inventory' is damaged: inventory is not JSON: line 1, byte 2: restore it from a copy, as only it says where resources live", "add", "vm:101");
    }
}
