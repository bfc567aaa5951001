namespace Ha.Cli.Tests;

public sealed class RuleChangeTests
{
    private const string Foreign = "property is not defined in schema and the schema does not allow additional properties";
    private const string Missing = "property is missing and it is not optional";

    private readonly Cli _cli = new();

    public RuleChangeTests() => _cli.Put("ha/resources.cfg", "vm: 100\n\nvm: 101\n\nvm: 102\n\nct: 200\n\tstate ignored\n\n");

    [Fact]
    public async Task Rules_are_added_at_the_end_in_their_stored_form()
    {
        await _cli.DoAsync(
            "rules", "add", "node-affinity", "n1", "--resources", "vm:101", "--resources", "vm:100;vm:101", "--nodes", "node3:02,node1", "--strict", "--comment", "tést: 5%");
        await _cli.DoAsync("rules", "add", "node-affinity", "n0", "--resources", "ct:200", "--nodes", "node1", "--strict", "no", "--disable", "0");
        await _cli.DoAsync("rules", "add", "resource-affinity", "r1", "--resources", "vm:102 ct:200", "--affinity", "negative", "--disable");
        Assert.Equal(
            "node-affinity: n1\n\tcomment t%C3%A9st%3A 5%25\n\tnodes node1,node3:2\n\tresources vm:100,vm:101\n\tstrict 1\n\n"
            + "node-affinity: n0\n\tnodes node1\n\tresources ct:200\n\tstrict 0\n\n"
            + "resource-affinity: r1\n\tdisable\n\taffinity negative\n\tresources ct:200,vm:102\n\n",
            _cli.Text("ha/rules.cfg"));
    }

    [Theory]
    [InlineData("create ha rule failed: no resources were specified", "node-affinity", "n1", "--resources", "", "--nodes", "node1")]
    [InlineData("create ha rule failed: cannot use unmanaged resource(s) vm:8, vm:9, vm:99:.", "node-affinity", "n1", "--resources", "vm:9,vm:8,vm:100,vm:99:", "--nodes", "node1")]
    [InlineData("create ha rule failed: no nodes were specified", "node-affinity", "n1", "--resources", "vm:100", "--nodes", ",")]
    [InlineData("create ha rule failed: cannot use non-existent node(s) node8, node9.", "node-affinity", "n1", "--resources", "vm:100", "--nodes", "node9:1,node8,node1")]
    [InlineData("create ha rule failed: property contains a line feed", "node-affinity", "n1", "--resources", "vm:100", "--nodes", "node1", "--comment", "a\nb")]
    [InlineData("create ha rule failed: 400 Rule 'r1' is invalid.\nresources: rule is ineffective as there are less than two resources", "resource-affinity", "r1", "--resources", "vm:100", "--affinity", "positive")]
    [InlineData("create ha rule failed: 400 Rule 'r1' is invalid.\nresources: rule defines more resources than available nodes", "resource-affinity", "r1", "--resources", "vm:100,vm:101,vm:102,ct:200", "--affinity", "negative")]
    public async Task A_rule_that_cannot_be_followed_is_not_added(string error, params string[] args) => await _cli.RefusesAsync(error, ["rules", "add", .. args]);

    [Fact]
    public async Task All_faults_of_a_new_rule_are_named()
    {
        _cli.Put("ha/rules.cfg", "node-affinity: a1\n\tnodes node1:1,node2\n\tresources vm:100\n\nnode-affinity: a2\n\tnodes node1\n\tresources vm:101\n\n");
        await _cli.RefusesAsync(
            "create ha rule failed: 400 Rule 'k1' is invalid.\nresources: resources are in node affinity rules with multiple priorities, resources are in multiple node affinity rules",
            "rules", "add", "resource-affinity", "k1", "--resources", "vm:100,vm:101", "--affinity", "positive");
    }

    [Fact]
    public async Task A_rule_is_added_once_and_a_disabled_one_may_conflict()
    {
        await _cli.DoAsync("rules", "add", "node-affinity", "n1", "--resources", "vm:100", "--nodes", "node1");
        await _cli.RefusesAsync("create ha rule failed: HA rule 'n1' already defined", "rules", "add", "resource-affinity", "n1", "--resources", "vm:9", "--affinity", "negative");
        await _cli.DoAsync("rules", "add", "node-affinity", "n2", "--resources", "vm:100", "--nodes", "node2", "--disable");
        await _cli.RefusesAsync(
            "update HA rules failed: 400 Rule 'n2' is invalid.\nresources: resource 'vm:100' is already used in another node affinity rule",
            "rules", "set", "node-affinity", "n2", "--delete", "disable");
    }

    [Fact]
    public async Task A_rule_that_would_be_switched_on_by_rewriting_is_judged_as_switched_on()
    {
        _cli.Put("ha/rules.cfg", "node-affinity: n1\n\tnodes node1\n\tresources vm:100\n\nnode-affinity: n2\n\tdisable 0\n\tnodes node1\n\tresources vm:100\n\n");
        await _cli.RefusesAsync(
            "update HA rules failed: 400 Rule 'n2' is invalid.\nresources: resource 'vm:100' is already used in another node affinity rule",
            "rules", "set", "node-affinity", "n2", "--comment", "x");
    }

    [Fact]
    public async Task This_node_may_be_named_before_it_is_a_member()
    {
        _cli.LocalNode = "node4";
        await _cli.DoAsync("rules", "add", "node-affinity", "n1", "--resources", "vm:100", "--nodes", "node4");
    }

    [Theory]
    [InlineData("type: value 'x' does not have a value in the enumeration 'node-affinity, resource-affinity'", "x", "n1", "--resources", "vm:100")]
    [InlineData("rule: invalid format - invalid configuration ID 'n'\n", "node-affinity", "n", "--resources", "vm:100", "--nodes", "node1")]
    [InlineData($"oneOf[resource-affinity].affinity: {Missing}", "resource-affinity", "n1", "--resources", "vm:100")]
    [InlineData($"oneOf[node-affinity].nodes: {Missing}\nresources: {Missing}", "node-affinity", "n1")]
    [InlineData($"nodes: {Foreign}\nstrict: {Foreign}", "resource-affinity", "n1", "--resources", "vm:100", "--affinity", "positive", "--nodes", "x y", "--strict")]
    [InlineData($"affinity: {Foreign}", "node-affinity", "n1", "--resources", "vm:100", "--affinity", "positive", "--nodes", "node1")]
    [InlineData("resources: invalid format - value does not look like a valid ha resource id\n", "node-affinity", "n1", "--resources", "100", "--nodes", "node1")]
    [InlineData("oneOf[node-affinity].nodes: invalid format - value does not look like a valid ha node\n", "node-affinity", "n1", "--resources", "vm:100", "--nodes", "node1:x")]
    [InlineData("oneOf[resource-affinity].affinity: value 'x' does not have a value in the enumeration 'positive, negative'", "resource-affinity", "n1", "--resources", "vm:100", "--affinity", "x")]
    public async Task Parameters_that_do_not_fit_the_type_are_refused(string reason, params string[] args) =>
        await _cli.RefusesAsync($"400 Parameter verification failed.\n{reason}\nha-manager rules add <type> <rule> [OPTIONS]", ["rules", "add", .. args]);

    [Fact]
    public async Task Without_quorum_nothing_is_begun()
    {
        _cli.HasNoQuorum = true;
        await _cli.RefusesAsync("cluster not ready - no quorum?", "rules", "add", "node-affinity", "n1", "--resources", "vm:100", "--nodes", "node1");
    }

    [Fact]
    public async Task While_there_are_groups_no_rule_is_added_or_changed()
    {
        _cli.Put("ha/groups.cfg", "group: gg\n\tnodes node1\n\n");
        await _cli.RefusesAsync(
            "cannot create ha rule: ha groups have not been migrated yet", "rules", "add", "node-affinity", "n1", "--resources", "vm:100", "--nodes", "node1");
        await _cli.RefusesAsync("cannot update ha rule: ha groups have not been migrated yet", "rules", "set", "node-affinity", "n1");
    }

    [Fact]
    public async Task Given_properties_replace_the_old_ones_entirely()
    {
        await _cli.DoAsync("rules", "add", "node-affinity", "n1", "--resources", "vm:100", "--nodes", "node1", "--strict", "--comment", "x");
        await _cli.DoAsync("rules", "set", "node-affinity", "n1", "--resources", "vm:101", "--nodes", "node2:1", "--delete", "strict,comment", "--delete", "disable");
        Assert.Equal("node-affinity: n1\n\tnodes node2:1\n\tresources vm:101\n\n", _cli.Text("ha/rules.cfg"));
        await _cli.DoAsync("rules", "set", "node-affinity", "n1", "--disable");
        await _cli.DoAsync("rules", "set", "node-affinity", "n1", "--disable", "0", "--comment", "y");
        Assert.Equal("node-affinity: n1\n\tcomment y\n\tdisable\n\tnodes node2:1\n\tresources vm:101\n\n", _cli.Text("ha/rules.cfg"));
        await _cli.DoAsync("rules", "set", "node-affinity", "n1", "--delete", "disable", "--comment", "");
        Assert.Equal("node-affinity: n1\n\tnodes node2:1\n\tresources vm:101\n\n", _cli.Text("ha/rules.cfg"));
    }

    [Theory]
    [InlineData("HA rule 'n9' does not exist", "node-affinity", "n9")]
    [InlineData("unexpected property 'type'", "resource-affinity", "n1", "--affinity", "positive")]
    [InlineData("cannot use unmanaged resource(s) vm:9.", "node-affinity", "n1", "--resources", "vm:9")]
    [InlineData("cannot use non-existent node(s) node9.", "node-affinity", "n1", "--nodes", "node9")]
    [InlineData("no such option 'affinity'", "node-affinity", "n1", "--delete", "affinity")]
    [InlineData("no such option 'type'", "node-affinity", "n1", "--delete", "type")]
    [InlineData("unable to delete required option 'nodes'", "node-affinity", "n1", "--delete", "nodes")]
    [InlineData("cannot set and delete property 'strict' at the same time!", "node-affinity", "n1", "--strict", "--delete", "strict")]
    [InlineData("detected modified configuration - file changed by other user? Try again.", "node-affinity", "n1", "--digest", "abc")]
    public async Task A_change_that_makes_no_sense_is_refused(string error, params string[] args)
    {
        await _cli.DoAsync("rules", "add", "node-affinity", "n1", "--resources", "vm:100", "--nodes", "node1");
        await _cli.RefusesAsync($"update HA rules failed: {error}", ["rules", "set", .. args]);
    }

    [Fact]
    public async Task A_change_may_name_the_version_it_is_based_on()
    {
        await _cli.DoAsync("rules", "add", "node-affinity", "n1", "--resources", "vm:100", "--nodes", "node1");
        var digest = (await _cli.RunAsync("rules", "list", "--output-format", "json")).Out.Split("\"digest\":\"")[1][..40];
        await _cli.DoAsync("rules", "set", "node-affinity", "n1", "--strict", "--digest", digest);
        await _cli.RefusesAsync(
            "update HA rules failed: detected modified configuration - file changed by other user? Try again.",
            "rules", "set", "node-affinity", "n1", "--strict", "--digest", digest);
    }

    [Fact]
    public async Task A_rule_is_removed_and_one_that_does_not_exist_is_no_error()
    {
        await _cli.DoAsync("rules", "add", "node-affinity", "n1", "--resources", "vm:100", "--nodes", "node1");
        await _cli.DoAsync("rules", "remove", "n9");
        Assert.Equal("node-affinity: n1\n\tnodes node1\n\tresources vm:100\n\n", _cli.Text("ha/rules.cfg"));
        await _cli.DoAsync("rules", "remove", "n1");
        Assert.Equal("", _cli.Text("ha/rules.cfg"));
    }

    [Fact]
    public async Task Without_quorum_a_removal_fails_at_the_lock()
    {
        _cli.HasNoQuorum = true;
        var result = await _cli.RunAsync("rules", "remove", "n1");
        Assert.Equal((255, "delete ha rule failed: cfs-lock 'domain-ha' error: no quorum!"), (result.Exit, result.Error.TrimEnd('\n').Split('\n')[^1]));
    }

    [Fact]
    public async Task A_change_that_somebody_else_overtook_is_made_on_top_of_theirs()
    {
        await _cli.DoAsync("rules", "add", "node-affinity", "n1", "--resources", "vm:100", "--nodes", "node1");
        var result = await OvertakeAsync(
            () => _cli.Put("ha/rules.cfg", "node-affinity: n1\n\tnodes node1\n\tresources vm:100\n\nnode-affinity: n2\n\tnodes node1\n\tresources vm:101\n\n"),
            "rules", "set", "node-affinity", "n1", "--strict");
        Assert.Equal(new CliResult(0, "", ""), result);
        Assert.Equal(
            "node-affinity: n1\n\tnodes node1\n\tresources vm:100\n\tstrict 1\n\nnode-affinity: n2\n\tnodes node1\n\tresources vm:101\n\n", _cli.Text("ha/rules.cfg"));
    }

    [Fact]
    public async Task A_rule_about_a_resource_that_is_removed_meanwhile_is_not_added()
    {
        var result = await OvertakeAsync(
            () => _cli.Put("ha/resources.cfg", "vm: 101\n\n"), "rules", "add", "node-affinity", "n1", "--resources", "vm:100", "--nodes", "node1");
        Assert.Equal(new CliResult(255, "", "create ha rule failed: cannot use unmanaged resource(s) vm:100.\n"), result);
        Assert.Null(_cli.Text("ha/rules.cfg"));
    }

    /// <summary>Does something between the moment when a command has read and the moment when it writes.</summary>
    private async Task<CliResult> OvertakeAsync(Action meanwhile, params string[] args)
    {
        var held = _cli.Faults.HoldNextReply(); // The lock's; the write comes next.
        var running = _cli.RunAsync(args);
        await held.Arrived;
        var write = _cli.Faults.HoldNextRequest();
        held.Release();
        await write.Arrived;
        meanwhile();
        write.Release();
        return await running;
    }
}
