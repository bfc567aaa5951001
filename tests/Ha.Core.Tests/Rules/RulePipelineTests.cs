using System.Text;
using Ha.Core.Config;
using Ha.Core.Model;
using Ha.Core.Rules;
using Ha.Testing;

namespace Ha.Core.Tests.Rules;

public sealed class RulePipelineTests
{
    private static readonly NodeName[] Nodes = [NodeName.Parse("node1"), NodeName.Parse("node2"), NodeName.Parse("node3")];

    [Fact]
    public void The_recorded_rules_give_their_recorded_results()
    {
        var files = Directory.GetFiles(SharedReference.Require("reference/rules"), "*.cfg");
        Assert.NotEmpty(files);
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            var reading = SectionReader.Read($"rules_cfgs/{Path.GetFileName(file)}", File.ReadAllBytes(file), DocumentSchemas.Rules);
            Assert.Equal(File.ReadAllText($"{file}.expect"), RuleReport.Of(reading, Nodes));
        }
    }

    [Fact]
    public void Connected_positive_rules_become_one_and_what_is_apart_from_one_is_apart_from_all()
    {
        var outcome = Run(
            """
            resource-affinity: near1
            	resources vm:101,vm:102
            	affinity positive

            resource-affinity: near2
            	resources vm:102,vm:103
            	affinity positive

            resource-affinity: far
            	resources vm:101,vm:104
            	affinity negative
            """);
        Assert.Empty(outcome.Dropped);
        Assert.Equal(
            ["_implicit-negative-_merged-near1-near2-vm:102-vm:104", "_implicit-negative-_merged-near1-near2-vm:103-vm:104", "_merged-near1-near2", "far"],
            outcome.Rules.Rules.Keys);
        Assert.Equal(["vm:101", "vm:102", "vm:103"], outcome.Compiled.Apart[ResourceId.Parse("vm:104")].Select(r => r.Value));
    }

    [Fact]
    public void A_name_that_can_be_no_resource_or_node_is_left_out()
    {
        var text = $"node-affinity: n1\n\tnodes {new string('a', 64)},node1\n\tresources vm:101:,vm:102\n\n";
        var rule = Assert.IsType<NodeAffinityRule>(RuleSet.From(SectionReader.Read("", Encoding.UTF8.GetBytes(text), DocumentSchemas.Rules).Document).Rules["n1"]);
        Assert.Equal([ResourceId.Parse("vm:102")], rule.Resources);
        Assert.Equal([NodeName.Parse("node1")], rule.Nodes.Keys);
    }

    [Fact]
    public void A_rule_that_bridges_two_sets_unites_them()
    {
        var outcome = Run(
            """
            resource-affinity: a1
            	resources vm:101,vm:103
            	affinity positive

            resource-affinity: b1
            	resources vm:102,vm:104
            	affinity positive

            resource-affinity: bridge
            	resources vm:103,vm:104
            	affinity positive
            """);
        Assert.Equal(3, outcome.Compiled.Together[ResourceId.Parse("vm:101")].Count);
    }

    [Fact]
    public void Who_stays_with_a_bound_service_is_bound_as_well()
    {
        var outcome = Run(
            """
            node-affinity: bound
            	resources vm:101
            	nodes node2
            	strict 1

            resource-affinity: near
            	resources vm:101,vm:102
            	affinity positive
            """);
        Assert.Equal([NodeName.Parse("node2")], outcome.Compiled.NodeAffinity[ResourceId.Parse("vm:102")].Keys);
    }

    [Theory]
    [InlineData("disable")]
    [InlineData("disable 0")]
    public void A_disabled_rule_takes_no_part_whatever_the_value(string line) =>
        Assert.Empty(Run($"node-affinity: off\n\tresources vm:101\n\tnodes node1\n\t{line}\n").Compiled.NodeAffinity);

    [Fact]
    public void A_rule_for_more_resources_than_nodes_is_not_followed_and_says_why() =>
        Assert.Equal(
            ["Drop rule 'far', because rule defines more resources than available nodes."],
            Run("resource-affinity: far\n\tresources vm:101,vm:102,vm:103,vm:104\n\taffinity negative\n").Dropped);

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("tést: 5%", "t%C3%A9st%3A 5%25")]
    public void A_comment_is_stored_percent_encoded(string comment, string stored)
    {
        Assert.Equal(stored, RuleComment.Encode(comment));
        Assert.Equal(comment, RuleComment.Decode(stored));
    }

    private static RuleOutcome Run(string text) =>
        RulePipeline.Run(RuleSet.From(SectionReader.Read("rules.cfg", Encoding.UTF8.GetBytes(text), DocumentSchemas.Rules).Document), Nodes);
}
