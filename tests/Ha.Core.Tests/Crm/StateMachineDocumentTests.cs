using System.Text;
using Ha.Core.Crm;
using Ha.Core.Model;
using Ha.Testing;

namespace Ha.Core.Tests.Crm;

/// <summary>Keeps docs/state-machines.md true: its edges are the ones found by asking every small world. Run with HA_UPDATE_DOCS=1 to write it.</summary>
public sealed class StateMachineDocumentTests
{
    [Fact]
    public void The_diagrams_show_exactly_the_edges_that_exist()
    {
        var root = SharedReference.RepositoryRoot;
        Assert.SkipWhen(root is null, "the documents are not here: the tests run outside of a checkout");
        var path = Path.Combine(root!, "docs", "state-machines.md");
        var expected = Render();
        if (Environment.GetEnvironmentVariable("HA_UPDATE_DOCS") == "1")
            File.WriteAllText(path, expected);
        Assert.Equal(expected, File.ReadAllText(path));
    }

    private static string Render()
    {
        var text = new StringBuilder();
        text.Append("# State machines\n\nFound by asking the machines every question of a small world; a test keeps this page true.\n\n## A node, as the master sees it\n\n");
        text.Append("Fencing alone leads into and out of `fence`: into it from any state when a service's node was silent for the fence delay, out of it to\n`unknown` when the node's agent lock is ours.\n\n");
        Append(text, NodeEdges());
        text.Append("\n## A service\n\nA new service begins in `request_start` if it is wanted started, else in `request_stop`. `fence` leads to `recovery` when the node is proven off;\n`started`, `stopped` and `request_stop` lead to `freeze` when the node's LRM restarts, and like the two starting states when the stack is disarmed.\n\n");
        Append(text, ServiceEdges());
        return text.ToString();
    }

    private static void Append(StringBuilder text, IEnumerable<(string From, string To)> edges)
    {
        text.Append("```mermaid\nstateDiagram-v2\n");
        foreach (var (from, to) in edges.Distinct().OrderBy(e => e.From, StringComparer.Ordinal).ThenBy(e => e.To, StringComparer.Ordinal))
            text.Append("    ").Append(from).Append(" --> ").Append(to).Append('\n');
        text.Append("```\n");
    }

    private static IEnumerable<(string From, string To)> NodeEdges() =>
        from state in Enum.GetValues<NodeState>()
        from report in NodeMachineTests.AllReports()
        let next = NodeMachine.Next(state, report)
        where next is not null
        select (state.Word(), next.Value.Word());

    private static IEnumerable<(string From, string To)> ServiceEdges()
    {
        foreach (var state in Enum.GetValues<ServiceState>())
        {
            foreach (var world in ServiceWorld.All(state).SelectMany(w => w is { Failed: null, Fallback: null } ? new[] { w, AsContainer(w) } : [w]))
            {
                var at = state;
                foreach (var change in world.Visit().Steps.OfType<Step.Change>())
                {
                    yield return (at.Word(), change.To.Word());
                    at = change.To;
                }
            }
        }

        yield return ("fence", "recovery");
        foreach (var thawed in new[] { ServiceState.Started, ServiceState.RequestStop })
            yield return ("freeze", thawed.Word());
        foreach (var frozen in new[] { ServiceState.Started, ServiceState.Stopped, ServiceState.RequestStop, ServiceState.RequestStart, ServiceState.RequestStartBalance })
            yield return (frozen.Word(), "freeze");
    }

    // What does not migrate while it runs is relocated, by the master itself and by its administrators.
    private static ServiceWorld AsContainer(ServiceWorld world) =>
        world with { Type = "ct", Command = world.Command is { Word: "migrate" } command ? command with { Word = "relocate" } : world.Command };
}
