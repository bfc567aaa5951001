namespace Ha.Cli.Tests;

public sealed class GroupCommandTests
{
    private readonly Cli _cli = new();

    public GroupCommandTests() => _cli.Put("ha/groups.cfg", "group: zz\n\tnodes node2:1,node1\n\trestricted 1\n\tcomment last one\n\n");

    [Theory]
    [InlineData("index groups", "groupconfig")]
    [InlineData("create group", "groupadd", "gg", "--nodes", "node1")]
    [InlineData("update group", "groupset", "gg")]
    [InlineData("delete group", "groupremove", "gg")]
    public async Task After_the_migration_there_are_no_groups(string what, params string[] args)
    {
        _cli.Put("ha/groups.cfg", "");
        await _cli.RefusesAsync($"cannot {what}: ha groups have been migrated to rules", args);
    }

    [Fact]
    public async Task Groups_are_listed_sorted_as_they_are_stored()
    {
        await _cli.DoAsync("groupadd", "aa", "--nodes", "node3", "--nodes", "node1:2", "--nofailback", "--type", "group");
        Assert.Equal(
            new CliResult(
                0, "group: aa\n\tnodes node1:2,node3\n\tnofailback 1\n\ngroup: zz\n\tcomment last one\n\tnodes node1,node2:1\n\trestricted 1\n\n", ""),
            await _cli.RunAsync("groupconfig"));
        Assert.Equal(
            "group: zz\n\tcomment last one\n\tnodes node1,node2:1\n\trestricted 1\n\ngroup: aa\n\tnodes node1:2,node3\n\tnofailback 1\n\n", _cli.Text("ha/groups.cfg"));
    }

    [Theory]
    [InlineData("create ha group failed: ha group ID 'zz' already defined", "groupadd", "zz", "--nodes", "node1")]
    [InlineData("update ha group failed: no such ha group 'gg'", "groupset", "gg")]
    [InlineData("update ha group failed: unable to delete required option 'nodes'", "groupset", "zz", "--delete", "nodes")]
    [InlineData("update ha group failed: no such option 'foo'", "groupset", "zz", "--delete", "foo")]
    [InlineData("update ha group failed: detected modified configuration - file changed by other user? Try again.", "groupset", "zz", "--digest", "x")]
    [InlineData("400 Parameter verification failed.\nnodes: property is missing and it is not optional\nha-manager groupadd <group> --nodes <string> [OPTIONS]", "groupadd", "gg")]
    [InlineData("400 Parameter verification failed.\ntype: value 'x' does not have a value in the enumeration 'group'\nha-manager groupadd <group> --nodes <string> [OPTIONS]", "groupadd", "gg", "--nodes", "node1", "--type", "x")]
    [InlineData("400 Parameter verification failed.\ngroup: invalid format - invalid configuration ID 'g'\n\nha-manager groupremove <group>", "groupremove", "g")]
    public async Task What_cannot_be_done_is_refused(string error, params string[] args) => await _cli.RefusesAsync(error, args);

    [Fact]
    public async Task A_group_is_changed_and_a_property_both_set_and_removed_is_removed()
    {
        await _cli.DoAsync("groupset", "zz", "--nodes", "node3", "--restricted", "0", "--comment", "x", "--delete", "comment");
        Assert.Equal("group: zz\n\tnodes node3\n\trestricted 0\n\n", _cli.Text("ha/groups.cfg"));
    }

    [Fact]
    public async Task Without_quorum_no_group_is_added()
    {
        _cli.HasNoQuorum = true;
        await _cli.RefusesAsync("cluster not ready - no quorum?", "groupadd", "gg", "--nodes", "node1");
    }

    [Fact]
    public async Task A_group_in_use_is_not_removed()
    {
        _cli.Put("ha/resources.cfg", "vm: 101\n\tgroup zz\n\n");
        await _cli.RefusesAsync("delete ha group failed: ha group is used by service 'vm:101'", "groupremove", "zz");
        await _cli.DoAsync("groupremove", "gg");
        await _cli.DoAsync("set", "vm:101", "--delete", "group");
        await _cli.DoAsync("groupremove", "zz");
        Assert.Equal("", _cli.Text("ha/groups.cfg"));
    }
}
