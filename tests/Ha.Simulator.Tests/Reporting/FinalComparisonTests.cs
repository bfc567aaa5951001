using System.Text;
using Ha.Simulator.Reporting;

namespace Ha.Simulator.Tests.Reporting;

public class FinalComparisonTests
{
    private const string Manager = """{"service_status":{"vm:101":{"node":"node1","uid":"aaa"},"vm:102":{"node":"node2","uid":"bbb"}}}""";
    private const string Lrm = """{"state":"active","results":{"aaa":{"sid":"vm:101","exit_code":0}}}""";

    [Fact]
    public void The_order_of_members_and_the_value_of_a_uid_do_not_matter() => Assert.Empty(Compare(
        Manager, Lrm, """{"service_status":{"vm:102":{"uid":"2","node":"node2"},"vm:101":{"node":"node1","uid":"1"}}}""", """{"results":{"1":{"exit_code":0,"sid":"vm:101"}},"state":"active"}"""));

    [Fact]
    public void A_result_must_answer_the_order_it_answered() => Assert.Single(Compare(
        Manager, Lrm, Manager, """{"state":"active","results":{"ccc":{"sid":"vm:101","exit_code":0}}}"""));

    [Fact]
    public void Two_orders_must_not_share_an_id() => Assert.Single(Compare(
        Manager, Lrm, """{"service_status":{"vm:101":{"node":"node1","uid":"aaa"},"vm:102":{"node":"node2","uid":"aaa"}}}""", Lrm));

    [Fact]
    public void A_missing_uid_is_a_difference() => Assert.NotEmpty(Compare(
        Manager, Lrm, """{"service_status":{"vm:101":{"node":"node1"},"vm:102":{"node":"node2","uid":"bbb"}}}""", Lrm));

    [Fact]
    public void A_text_is_not_a_number() => Assert.Contains(
        "-lrm_status_node1.results[0] = ",
        Assert.Single(Compare(Manager, Lrm, Manager, Lrm.Replace("0}", "\"0\"}", StringComparison.Ordinal))),
        StringComparison.Ordinal);

    [Fact]
    public void A_document_too_many_and_one_too_few_are_differences()
    {
        var (one, other) = (Documents(("a", "{}")), Documents(("b", "{}")));
        Assert.Equal(["final/a is missing at the end of the run", "final/b is recorded nowhere, but the run has it"], FinalComparison.Compare(one, other));
    }

    [Fact]
    public void Rules_are_compared_section_by_section()
    {
        var one = Documents(("rules_config", "node-affinity: a\n\tnodes node1\n\tresources vm:101\n\nnode-affinity: b\n\tnodes node2\n"));
        var other = Documents(("rules_config", "node-affinity: b\n  nodes node2\n\nnode-affinity: a\n  resources vm:101\n  nodes node1\n"));
        Assert.Empty(FinalComparison.Compare(one, other));
        Assert.Single(FinalComparison.Compare(one, Documents(("rules_config", "node-affinity: a\n\tnodes node1\n\nnode-affinity: b\n\tnodes node2\n\tresources vm:101\n"))));
    }

    private static IReadOnlyList<string> Compare(string expectedManager, string expectedLrm, string manager, string lrm) => FinalComparison.Compare(
        Documents(("manager_status", expectedManager), ("lrm_status_node1", expectedLrm)), Documents(("manager_status", manager), ("lrm_status_node1", lrm)));

    private static Dictionary<string, byte[]> Documents(params (string Name, string Text)[] documents) =>
        documents.ToDictionary(d => d.Name, d => Encoding.UTF8.GetBytes(d.Text), StringComparer.Ordinal);
}
