using Ha.Core.Model;
using Ha.Simulator.Hardware;

namespace Ha.Simulator.Tests.Hardware;

public class ClusterNetworkTests
{
    [Theory]
    [InlineData(3, 1, false)]
    [InlineData(3, 2, true)]
    [InlineData(4, 2, false)]
    [InlineData(4, 3, true)]
    public void More_than_half_of_all_nodes_are_quorate(int all, int online, bool quorate) => Assert.Equal(quorate, new ClusterNetwork(Machines(all, online)).IsQuorate);

    [Fact]
    public void Without_a_majority_every_node_is_offline()
    {
        var machines = Machines(3, 1);
        var view = new ClusterNetwork(machines).ViewOf(machines.Values[0]);
        Assert.False(view.Quorate);
        Assert.All(view.Nodes.Values, Assert.False);
    }

    [Fact]
    public void A_node_without_network_does_not_belong_to_the_majority_of_the_others()
    {
        var machines = Machines(3, 3);
        machines.Values[2].NetworkOn = false;
        var view = new ClusterNetwork(machines).ViewOf(machines.Values[2]);
        Assert.False(view.Quorate);
        Assert.Equal([true, true, false], view.Nodes.Values);
    }

    private static SortedList<NodeName, Machine> Machines(int all, int online)
    {
        var names = Enumerable.Range(1, all).Select(n => NodeName.Parse($"node{n}"));
        return new(names.Select((name, index) => new Machine(name) { PowerOn = index < online, NetworkOn = true }).ToDictionary(m => m.Name));
    }
}
