using Ha.Core.Crm;
using Ha.Core.Model;

namespace Ha.Core.Tests.Crm;

public sealed class NodeMachineTests
{
    private static readonly NodeReport Calm = new(IsMember: true, IsOnline: true, LrmMode.Active, IsForgettable: false);

    [Theory]
    [InlineData(NodeState.Unknown)]
    [InlineData(NodeState.Gone)]
    public void A_node_that_comes_back_is_online(NodeState before) => Assert.Equal(NodeState.Online, NodeMachine.Next(before, Calm));

    [Fact]
    public void An_online_node_that_vanishes_is_unknown_first_and_gone_later()
    {
        Assert.Equal(NodeState.Unknown, NodeMachine.Next(NodeState.Online, new(false, false, LrmMode.Active, false)));
        Assert.Equal(NodeState.Gone, NodeMachine.Next(NodeState.Unknown, new(false, false, LrmMode.Active, false)));
    }

    [Fact]
    public void A_node_in_maintenance_stays_there_offline_as_long_as_its_last_word_says_so()
    {
        Assert.Null(NodeMachine.Next(NodeState.Maintenance, Calm with { IsOnline = false, Mode = LrmMode.Maintenance }));
        Assert.Equal(NodeState.Unknown, NodeMachine.Next(NodeState.Maintenance, Calm with { IsOnline = false }));
        Assert.Equal(NodeState.Online, NodeMachine.Next(NodeState.Maintenance, Calm));
    }

    [Fact]
    public void Nothing_but_fencing_leads_into_or_out_of_fence()
    {
        foreach (var report in AllReports())
        {
            Assert.Null(NodeMachine.Next(NodeState.Fence, report));
            Assert.All(Enum.GetValues<NodeState>(), s => Assert.NotEqual(NodeState.Fence, NodeMachine.Next(s, report)));
        }
    }

    [Fact]
    public void A_move_always_changes_the_state_and_an_offline_node_is_never_online_next()
    {
        foreach (var report in AllReports())
        {
            foreach (var state in Enum.GetValues<NodeState>())
            {
                var next = NodeMachine.Next(state, report);
                Assert.NotEqual(state, next);
                if (!report.IsOnline)
                    Assert.NotEqual(NodeState.Online, next);
            }
        }
    }

    [Fact]
    public void Only_a_gone_node_that_stayed_away_is_forgotten()
    {
        foreach (var report in AllReports())
        {
            foreach (var state in Enum.GetValues<NodeState>())
                Assert.Equal(state == NodeState.Gone && report is { IsOnline: false, IsForgettable: true }, NodeMachine.IsForgotten(state, report));
        }
    }

    internal static IEnumerable<NodeReport> AllReports() =>
        from member in new[] { true, false }
        from online in new[] { true, false }
        where member || !online
        from mode in Enum.GetValues<LrmMode>()
        from forgettable in new[] { true, false }
        select new NodeReport(member, online, mode, forgettable);
}
