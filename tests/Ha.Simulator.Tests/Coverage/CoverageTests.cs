using Ha.Testing;

namespace Ha.Simulator.Tests.Coverage;

/// <summary>Our stories together tell everything that can happen: each transition, each line, each command. What cannot happen in the simulator is
/// listed here with the reason; an entry that a story contradicts fails as well.</summary>
public class CoverageTests(StoryCoverage coverage) : IClassFixture<StoryCoverage>
{
    private static readonly Dictionary<int, string> SilentLines = new()
    {
        [1014] = "a round is one moment of virtual time: nobody takes the manager lock between its renewal and the write",
        [1024] = "there is one partition: a master that is not online in it has lost its lock before it looks",
        [1060] = "an ignored service is removed before it is visited; while the stack is disarmed it stays, but is not visited",
        [2011] = "after 90 seconds; the simulated watchdog has reset the node after 60",
        [2046] = "no state that an agent has no command for becomes a job",
    };

    private static readonly Dictionary<string, string> Nothing = [];

    // The daemons' own machines are not among the diagrams, which show what the master believes.
    private static readonly string[] DaemonTransitions =
    [
        "crm: startup => wait_for_quorum", "crm: wait_for_quorum => master", "crm: wait_for_quorum => slave", "crm: slave => master",
        "crm: slave => wait_for_quorum", "crm: master => lost_manager_lock", "crm: lost_manager_lock => wait_for_quorum", "crm: master => wait_for_quorum",
        "lrm: startup => wait_for_agent_lock", "lrm: wait_for_agent_lock => active", "lrm: lost_agent_lock => active", "lrm: active => lost_agent_lock",
        "lrm: active => maintenance", "lrm: active => wait_for_agent_lock", "lrm: maintenance => lost_agent_lock", "lrm: maintenance => wait_for_agent_lock",
        "lrm: maintenance => active",
    ];

    // Fencing changes a node's state besides its machine, and records come and go.
    private static readonly string[] OtherTransitions =
    [
        "node: gone => none", "node: online => fence", "node: maintenance => fence", "node: unknown => fence", "node: gone => fence", "node: fence => unknown",
        "service: any => none",
    ];

    [Fact]
    public void Every_transition_is_taken_by_a_story()
    {
        var document = File.ReadAllText(Path.Combine(SharedReference.RepositoryRoot!, "docs", "state-machines.md"));
        var possible = Transition.InDocument(document, "A node, as the master sees it", "node")
            .Concat(Transition.InDocument(document, "A service", "service"))
            .Select(t => t.ToString())
            .Concat(DaemonTransitions)
            .Concat(OtherTransitions);
        AssertCovered("transition", possible, coverage.Transitions.Select(t => t.ToString()), Nothing);
    }

    [Fact]
    public void Every_line_of_the_log_catalogues_is_written_in_a_story()
    {
        static string Name(int id) => $"{id} {LogCatalogue.Lines.GetValueOrDefault(id)}";
        AssertCovered("log line", LogCatalogue.Lines.Keys.Select(Name), coverage.LogIds.Select(Name), SilentLines.ToDictionary(s => Name(s.Key), s => s.Value));
    }

    [Fact]
    public void Every_simulator_command_is_used_in_a_story() => AssertCovered("command", CommandForm.All, coverage.Commands, Nothing);

    private static void AssertCovered(string what, IEnumerable<string> possible, IEnumerable<string> seen, IReadOnlyDictionary<string, string> excused)
    {
        var (all, happened) = (possible.ToHashSet(StringComparer.Ordinal), seen.ToHashSet(StringComparer.Ordinal));
        var faults = all.Except(happened).Except(excused.Keys).Select(m => $"no story has the {what} '{m}'")
            .Concat(excused.Keys.Intersect(happened).Select(s => $"the {what} '{s}' is excused, but a story has it"))
            .Concat(excused.Keys.Except(all).Select(u => $"the {what} '{u}' is excused, but does not exist"))
            .Concat(happened.Except(all).Select(n => $"a story has the {what} '{n}', which is not listed"));
        var text = string.Join('\n', faults.Order(StringComparer.Ordinal));
        Assert.True(text.Length == 0, text);
    }
}
