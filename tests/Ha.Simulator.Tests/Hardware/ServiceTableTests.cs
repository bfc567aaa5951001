using Ha.Core.Model;
using Ha.Simulator.Hardware;

namespace Ha.Simulator.Tests.Hardware;

public class ServiceTableTests
{
    private readonly ServiceTable _table = new(new(StringComparer.Ordinal)
    {
        ["vm:101"] = new(new(StringComparer.Ordinal) { ["node"] = "\"node1\"", ["state"] = "\"enabled\"", ["max_restart"] = "\"3\"" }),
        ["vm:102"] = new(new(StringComparer.Ordinal) { ["node"] = "\"node2\"" }),
    });

    [Fact]
    public void Reading_fills_in_defaults_and_numbers_may_be_texts()
    {
        var first = _table.Snapshot().Find(ResourceId.Parse("vm:101"))!;
        Assert.Equal(WantedState.Started, first.State);
        Assert.Equal(3, first.MaxRestart);
        Assert.Equal(1, first.MaxRelocate);
        Assert.True(first.Failback);
        Assert.Equal(WantedState.Disabled, _table.Snapshot().Find(ResourceId.Parse("vm:102"))!.State);
    }

    [Fact]
    public void Only_a_change_stores_the_defaults()
    {
        _table.Snapshot();
        Assert.Equal(["node"], _table.Entries["vm:102"].Values.Keys);
        _table.Change("vm:101", e => e.State = "stopped");
        Assert.Equal(["failback", "max_relocate", "max_restart", "name", "node", "state", "type"], _table.Entries["vm:102"].Values.Keys);
        Assert.Equal("\"3\"", _table.Entries["vm:101"].Values["max_restart"]);
    }

    [Fact]
    public void A_move_names_the_node_it_starts_from()
    {
        _table.Move("vm:101", "node1", "node3");
        Assert.Equal("node3", _table.Entries["vm:101"].Node);
        Assert.Equal("current_node for 'vm:101' does not match (node1 != node3)", Assert.Throws<SimulationException>(() => _table.Move("vm:101", "node1", "node2")).Message);
        Assert.Equal("no such service 'vm:999'", Assert.Throws<SimulationException>(() => _table.Move("vm:999", "node1", "node2")).Message);
    }

    [Theory]
    [InlineData("vm:101", true)]
    [InlineData("ct:1", true)]
    [InlineData("fa:120001", true)]
    [InlineData("vm:", false)]
    [InlineData("vm:1a", false)]
    [InlineData("exec:1", false)]
    public void Only_three_types_with_numbers_can_be_configured(string id, bool can) => Assert.Equal(can, ServiceTable.IsConfigurable(id));
}
