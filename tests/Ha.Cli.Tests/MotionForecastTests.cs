namespace Ha.Cli.Tests;

public sealed class MotionForecastTests
{
    private readonly Cli _cli = new();

    public MotionForecastTests()
    {
        _cli.Put("ha/resources.cfg", "vm: 100\n\nvm: 101\n\nvm: 102\n\nct: 200\n\nct: 201\n\n");
        _cli.Put("ha/inventory", """{"vm:100":{"node":"node1"}}""");
        _cli.Put(
            "ha/rules.cfg",
            "resource-affinity: sep\n\taffinity negative\n\tresources ct:200,vm:100\n\nresource-affinity: sep2\n\taffinity negative\n\tresources ct:201,vm:100\n\n"
            + "resource-affinity: tog\n\taffinity positive\n\tresources vm:100,vm:101,vm:102\n\n");
        PutStatus("""{"state":"started","node":"node3"}""", """{"state":"started","node":"node3"}""");
    }

    [Theory]
    [InlineData("migrate")]
    [InlineData("relocate")]
    public async Task A_move_next_to_a_resource_to_avoid_is_refused_and_not_queued(string word) => await _cli.RefusesAsync(
        $"cannot {word} resource 'vm:100' to node 'node3':\n\n"
        + "- resource 'ct:200' on target node 'node3' in negative affinity with resource 'vm:100'\n"
        + "- resource 'ct:201' on target node 'node3' in negative affinity with resource 'vm:100'",
        word, "100", "node3");

    [Theory]
    [InlineData("migrate")]
    [InlineData("relocate")]
    public async Task Who_comes_along_is_told_even_if_it_is_there_already(string word)
    {
        Assert.Equal(
            new CliResult(
                0,
                $"also {word} resource 'vm:101' in positive affinity with resource 'vm:100' to target node 'node2'\n"
                + $"also {word} resource 'vm:102' in positive affinity with resource 'vm:100' to target node 'node2'\n",
                ""),
            await _cli.RunAsync(word, "vm:100", "node2"));
        Assert.Equal($"{word} vm:100 node2\n", _cli.Text("ha/crm_commands"));
    }

    [Theory]
    [InlineData("""{"state":"migrate","node":"node3","target":"node2"}""")]
    [InlineData("""{"state":"migrate","node":"node2","target":"node3"}""")]
    public async Task A_resource_in_motion_blocks_nobody(string record)
    {
        PutStatus(record, record);
        await MovesAsync("node3");
    }

    [Fact]
    public async Task A_resource_that_the_manager_does_not_know_yet_blocks_nobody()
    {
        _cli.Put("ha/manager_status", """{"node_status":{"node1":"online","node2":"online","node3":"online"}}""");
        await _cli.DoAsync("migrate", "vm:100", "node3");
    }

    [Fact]
    public async Task A_node_that_is_not_online_is_for_the_master_to_refuse()
    {
        _cli.Put("ha/manager_status", _cli.Text("ha/manager_status")!.Replace("\"node3\":\"online\"", "\"node3\":\"unknown\"", StringComparison.Ordinal));
        await MovesAsync("node3");
    }

    [Fact]
    public async Task A_rule_that_is_not_followed_blocks_nobody()
    {
        _cli.Put("ha/rules.cfg", _cli.Text("ha/rules.cfg") + "resource-affinity: tog2\n\taffinity positive\n\tresources ct:200,ct:201,vm:100\n\n");
        Assert.Equal(new CliResult(0, "", ""), await _cli.RunAsync("migrate", "vm:100", "node3"));
    }

    private async Task MovesAsync(string node)
    {
        var result = await _cli.RunAsync("migrate", "vm:100", node);
        Assert.Equal((0, ""), (result.Exit, result.Error));
        Assert.Equal($"migrate vm:100 {node}\n", _cli.Text("ha/crm_commands"));
    }

    private void PutStatus(string first, string second) => _cli.Put(
        "ha/manager_status",
        $$$"""
        {"node_status":{"node1":"online","node2":"online","node3":"online"},"service_status":{
        "vm:100":{"state":"started","node":"node1"},"vm:101":{"state":"started","node":"node1"},"vm:102":{"state":"started","node":"node2"},
        "ct:200":{{{first}}},"ct:201":{{{second}}}}}
        """);
}
