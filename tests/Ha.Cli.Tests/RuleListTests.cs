namespace Ha.Cli.Tests;

public sealed class RuleListTests
{
    private const string Stored = """
        resource-affinity: sep
        	affinity negative
        	resources ct:200,vm:100

        resource-affinity: tog
        	affinity positive
        	resources vm:100,ct:200

        node-affinity: n1
        	disable
        	nodes node2:01,node1
        	resources ct:200,vm:100
        	strict 1
        	comment t%C3%A9st%3A 5%25


        """;

    private const string TogetherFault = "rule shares two or more resources with a negative resource affinity rule";
    private const string ApartFault = "rule shares two or more resources with a positive resource affinity rule";

    private readonly Cli _cli = new();

    public RuleListTests()
    {
        _cli.Put("ha/resources.cfg", "vm: 100\n\nct: 200\n\n");
        _cli.Put("ha/rules.cfg", Stored.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task The_table_shows_disabled_rules_first_and_which_rules_conflict() => await Shows(
        """
        ┌─────────┬─────────────────────┬──────┬───────────────────┬───────────────┬──────────┐
        │ enabled │ state               │ rule │ type              │ resources     │ comment  │
        ╞═════════╪═════════════════════╪══════╪═══════════════════╪═══════════════╪══════════╡
        │ 0       │ in use              │ n1   │ node-affinity     │ ct:200,vm:100 │ tést: 5% │
        ├─────────┼─────────────────────┼──────┼───────────────────┼───────────────┼──────────┤
        │ 1       │ ignored (conflicts) │ sep  │ resource-affinity │ ct:200,vm:100 │          │
        ├─────────┼─────────────────────┼──────┼───────────────────┼───────────────┼──────────┤
        │ 1       │ ignored (conflicts) │ tog  │ resource-affinity │ ct:200,vm:100 │          │
        └─────────┴─────────────────────┴──────┴───────────────────┴───────────────┴──────────┘

        """,
        "rules", "config");

    [Fact]
    public async Task The_table_is_drawn_with_plain_characters_where_the_locale_has_no_others()
    {
        _cli.HasBoxes = false;
        await Shows(
            """
            +------+
            | rule |
            +======+
            | n1   |
            +------+
            | sep  |
            +------+
            | tog  |
            +------+

            """,
            "rules", "list");
    }

    [Theory]
    [InlineData("rule\nn1\nsep\ntog\n", "--noborder")]
    [InlineData("n1\nsep\ntog\n", "--noborder", "--noheader")]
    [InlineData("┌──────┐\n│ n1   │\n├──────┤\n│ sep  │\n├──────┤\n│ tog  │\n└──────┘\n", "--noheader")]
    [InlineData("", "--quiet")]
    [InlineData("", "--quiet", "--output-format", "json")]
    [InlineData("n1\n", "--noborder=1", "--noheader=1", "--type", "node-affinity", "--human-readable", "0")]
    [InlineData("sep\ntog\n", "--noborder=1", "--noheader=1", "--type", "resource-affinity")]
    [InlineData("", "--resource", "vm:101")]
    [InlineData("[]\n", "--resource", "vm:101", "--output-format", "json")]
    public async Task Options_choose_what_is_shown(string output, params string[] options) => await Shows(output, ["rules", "list", .. options]);

    [Fact]
    public async Task Without_lines_only_the_last_column_is_not_padded() => await Shows(
        "enabled state  rule type          resources     comment\n0       in use n1   node-affinity ct:200,vm:100 tést: 5%\n",
        "rules", "config", "--noborder", "--type=node-affinity");

    [Fact]
    public async Task A_terminal_cuts_every_line()
    {
        _cli.Width = 6;
        await Shows("┌─────\n│ rule\n╞═════\n│ n1  \n└─────\n", "rules", "list", "--type", "node-affinity");
        await Shows("enable\n0     \n", "rules", "config", "--noborder=1", "--type", "node-affinity");
    }

    [Fact]
    public async Task A_comment_of_two_lines_takes_two_lines_of_the_table()
    {
        _cli.Put("ha/rules.cfg", "node-affinity: n1\n\tcomment a%0Abc\n\tnodes node1\n\tresources vm:100\n\n");
        await Shows("1       in use n1   node-affinity vm:100    a\n" + new string(' ', 44) + "bc\n", "rules", "config", "--noheader=1", "--noborder");
    }

    [Fact]
    public async Task Structured_formats_hold_everything_in_the_order_of_the_document()
    {
        const string rule = "\"digest\":\"DIGEST\",";
        var result = await _cli.RunAsync("rules", "list", "--output-format", "json");
        var digest = result.Out.Split("\"digest\":\"")[1][..40];
        Assert.Matches("^[0-9a-f]{40}$", digest);
        Assert.Equal(
            $$"""[{"affinity":"negative",{{rule}}"errors":{"resources":["{{ApartFault}}"]},"order":1,"resources":"ct:200,vm:100","rule":"sep","type":"resource-affinity"},"""
            + $$"""{"affinity":"positive",{{rule}}"errors":{"resources":["{{TogetherFault}}"]},"order":2,"resources":"ct:200,vm:100","rule":"tog","type":"resource-affinity"},"""
            + $$"""{"comment":"tést: 5%",{{rule}}"disable":1,"nodes":"node1,node2:1","order":3,"resources":"ct:200,vm:100","rule":"n1","strict":1,"type":"node-affinity"}]"""
            + "\n",
            result.Out.Replace(digest, "DIGEST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_list_of_configured_rules_says_which_are_in_use_in_every_format()
    {
        _cli.Put("ha/rules.cfg", "node-affinity: n1\n\tnodes node1\n\tresources vm:100\n\n");
        var json = (await _cli.RunAsync("rules", "config", "--output-format", "json-pretty")).Out;
        var actual = json.Split("\"digest\" : \"")[1][..40];
        Assert.Equal(
            """
            [
               {
                  "digest" : "DIGEST",
                  "enabled" : 1,
                  "nodes" : "node1",
                  "order" : 1,
                  "resources" : "vm:100",
                  "rule" : "n1",
                  "state" : "in use",
                  "type" : "node-affinity"
               }
            ]

            """.ReplaceLineEndings("\n"),
            json.Replace(actual, "DIGEST", StringComparison.Ordinal));
        var yaml = (await _cli.RunAsync("rules", "config", "--output-format", "yaml")).Out;
        Assert.Matches(
            "\\A---\n- digest: '?[0-9a-f]{40}'?\n  enabled: 1\n  nodes: node1\n  order: 1\n  resources: vm:100\n  rule: n1\n  state: in use\n  type: node-affinity\n\\z", yaml);
    }

    [Theory]
    [InlineData("json-pretty", "[\n   {\n      \"digest\" : \"DIGEST\",\n      \"nodes\" : \"node1\",\n      \"order\" : 1,\n      \"resources\" : \"vm:100\",\n      \"rule\" : \"n1\",\n      \"type\" : \"node-affinity\"\n   }\n]\n")]
    [InlineData("yaml", "---\n- digest: DIGEST\n  nodes: node1\n  order: 1\n  resources: vm:100\n  rule: n1\n  type: node-affinity\n")]
    public async Task The_list_of_rules_has_its_structured_formats(string format, string expected)
    {
        _cli.Put("ha/rules.cfg", "node-affinity: n1\n\tnodes node1\n\tresources vm:100\n\n");
        var output = (await _cli.RunAsync("rules", "list", "--output-format", format)).Out;
        Assert.Equal(expected, System.Text.RegularExpressions.Regex.Replace(output, "'?[0-9a-f]{40}'?", "DIGEST"));
    }

    [Fact]
    public async Task Groups_are_shown_as_the_rules_they_stand_for()
    {
        _cli.Put("ha/rules.cfg", "");
        _cli.Put("ha/resources.cfg", "vm: 100\n\tgroup gg\n\n");
        _cli.Put("ha/groups.cfg", "group: gg\n\tnodes node2:1,node1\n\n");
        await Shows(
            "1       in use ha-group-gg node-affinity vm:100    Generated from HA group 'gg'.\n", "rules", "config", "--noheader=1", "--noborder");
    }

    [Fact]
    public async Task An_invalid_rule_is_named_and_not_listed()
    {
        _cli.Put("ha/rules.cfg", "node-affinity: n1\n\tnodes node1\n\n");
        Assert.Equal(
            new CliResult(0, "", "file ha/rules.cfg line 2 (skip section 'n1'): missing value for required option 'resources'\n"), await _cli.RunAsync("rules", "list"));
    }

    [Fact]
    public async Task A_name_that_can_be_no_resource_harms_nobody()
    {
        _cli.Put("ha/rules.cfg", $"node-affinity: n1\n\tnodes node1,{new string('a', 64)}\n\tresources vm:100:,vm:100\n\n");
        await Shows("1       in use n1   node-affinity vm:100    \n", "rules", "config", "--noheader=1", "--noborder");
    }

    [Fact]
    public async Task Nodes_are_counted_as_the_manager_knows_them()
    {
        _cli.Put("ha/rules.cfg", "resource-affinity: sep\n\taffinity negative\n\tresources ct:200,vm:100\n\n");
        await Shows("1       in use sep  resource-affinity ct:200,vm:100 \n", "rules", "config", "--noheader=1", "--noborder");
        _cli.Put("ha/manager_status", """{"node_status":{"node1":"online"}}""");
        await Shows("1       ignored (conflicts) sep  resource-affinity ct:200,vm:100 \n", "rules", "config", "--noheader=1", "--noborder");
    }

    [Theory]
    [InlineData("type: value 'x' does not have a value in the enumeration 'node-affinity, resource-affinity'", "--type", "x")]
    [InlineData("resource: invalid format - value does not look like a valid ha resource id\n", "--resource", "100")]
    [InlineData("output-format: value 'xml' does not have a value in the enumeration 'text, json, json-pretty, yaml'", "--output-format", "xml")]
    public async Task Options_that_are_wrong_are_refused(string reason, params string[] options) =>
        await _cli.RefusesAsync($"400 Parameter verification failed.\n{reason}\nha-manager rules list  [OPTIONS] [FORMAT_OPTIONS]", ["rules", "list", .. options]);

    [Theory]
    [InlineData(true, "de_DE.UTF-8", null)]
    [InlineData(true, "C.utf8", "C")]
    [InlineData(false, "C", "en_US.UTF-8")]
    [InlineData(false, null, null)]
    [InlineData(true, "", "en_US.UTF-8")]
    public void The_locale_says_whether_there_are_box_characters(bool has, string? all, string? lang) =>
        Assert.Equal(has, Output.TerminalFacts.HasBoxes(name => name switch { "LC_ALL" => all, "LANG" => lang, _ => null }));

    private async Task Shows(string output, params string[] args) => Assert.Equal(new CliResult(0, output.ReplaceLineEndings("\n"), ""), await _cli.RunAsync(args));
}
