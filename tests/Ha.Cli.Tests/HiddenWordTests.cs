using Ha.Cli.Commands;
using Ha.Cli.Parsing;
using Ha.Core.Config;

namespace Ha.Cli.Tests;

public sealed class HiddenWordTests
{
    private readonly Cli _cli = new();

    public HiddenWordTests()
    {
        _cli.Put("ha/resources.cfg", "vm: 100\n\nct: 200\n\n");
        _cli.Put("ha/inventory", """{"vm:100":{"node":"node1"},"vm:101":{"node":"node1"},"ct:200":{"node":"node2"}}""");
        _cli.Put("ha/rules.cfg", "node-affinity: near\n\tnodes node1\n\tresources vm:100\n\n");
        _cli.Put("ha/groups.cfg", "group: gg\n\tnodes node1\n\n");
    }

    [Fact]
    public async Task The_schemas_of_all_commands_make_sense() => await _cli.DoAsync("verifyapi");

    [Fact]
    public void A_schema_that_makes_no_sense_is_named()
    {
        var value = new PropertySchema("x") { Words = ["a", "a"] };
        var commands = new CommandSpec[] { new("a", "A.", HelpNobody) { Arguments = [value], Options = [new(value)] }, new("a b", "", HelpNobody) };
        Assert.Equal(
            [
                "alias 'z' stands for no command",
                "command 'a' hides those below it",
                "command 'a': parameter 'x' exists twice",
                "command 'a': parameter 'x' has no description",
                "command 'a': parameter 'x' has no, or equal, words",
                "command 'a': parameter 'x' has no description",
                "command 'a': parameter 'x' has no, or equal, words",
                "command 'a b': it has no description",
            ],
            SchemaCheck.Find(commands, new Dictionary<string, string> { ["z"] = "y" }, []));
    }

    [Theory]
    [InlineData("add config crm-command groupadd groupconfig groupremove groupset help remove rules set status", "")]
    [InlineData("remove rules", "r")]
    [InlineData("", "migr")]
    [InlineData("arm-ha disarm-ha migrate node-maintenance relocate stop", "crm ")]
    [InlineData("node-maintenance", "crm-command n")]
    [InlineData("add config list remove set", "rules ")]
    [InlineData("ct:200 vm:100", "set ")]
    [InlineData("vm:101", "add ")]
    [InlineData("node2 node3", "migrate vm:100 ")]
    [InlineData("node1 node3", "crm-command relocate 200 ")]
    [InlineData("node1 node2 node3", "crm-command node-maintenance enable ")]
    [InlineData("freeze ignore", "crm-command disarm-ha ")]
    [InlineData("node-affinity resource-affinity", "rules add ")]
    [InlineData("", "rules add node-affinity ")]
    [InlineData("near", "rules set node-affinity n")]
    [InlineData("near", "rules remove ")]
    [InlineData("gg", "groupremove ")]
    [InlineData("gg", "groupset ")]
    [InlineData("", "groupadd ")]
    [InlineData("started stopped", "set vm:100 --state st")]
    [InlineData("--state=started --state=stopped", "set vm:100 --state=st")]
    [InlineData("--max_relocate --max_restart", "set vm:100 --max")]
    [InlineData("--purge", "remove vm:100 --p")]
    [InlineData("0 1", "remove vm:100 --purge ")]
    [InlineData("json json-pretty", "rules list --output-format j")]
    [InlineData("ct:200 vm:100", "rules list --resource ")]
    [InlineData("ct:200 vm:100", "--store memory:// set ")]
    [InlineData("ct:200 vm:100", "set --state started ")]
    [InlineData("list", "help rules l")]
    [InlineData("", "nonsense ")]
    public async Task Candidates_continue_what_is_typed(string candidates, string typed)
    {
        var line = "ha-manager " + typed;
        Assert.Equal(candidates, await CompleteAsync(line, line.Split(' ')[^1]));
    }

    [Fact]
    public async Task What_the_shell_takes_for_words_of_their_own_is_not_repeated()
    {
        Assert.Equal("100", await CompleteAsync("ha-manager set vm:1", "1"));
        Assert.Equal("100", await CompleteAsync("ha-manager set vm:", ""));
        Assert.Equal("started stopped", await CompleteAsync("ha-manager set vm:100 --state=st", "st"));
    }

    [Fact]
    public async Task What_stands_after_the_cursor_does_not_count()
    {
        _cli.Environment["COMP_POINT"] = "13";
        Assert.Equal("status", await CompleteAsync("ha-manager st vm:100", "st"));
    }

    [Fact]
    public async Task A_store_that_does_not_answer_leaves_the_line_alone()
    {
        _cli.Put("ha/inventory", "{");
        Assert.Equal("", await CompleteAsync("ha-manager set ", ""));
    }

    [Fact]
    public async Task Without_a_shell_there_is_nothing_to_complete() => await _cli.DoAsync("bashcomplete", "ha-manager", "", "ha-manager");

    [Fact]
    public async Task Help_without_words_shows_every_command()
    {
        var result = await _cli.RunAsync("help");
        Assert.Equal((0, ""), (result.Exit, result.Error));
        Assert.Equal(CommandCatalog.Commands.Select(c => $"USAGE: {c.Usage}"), result.Out.Split('\n').Where(l => l.StartsWith("USAGE", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Help_of_a_word_shows_the_commands_below_it_and_of_an_alias_what_it_stands_for()
    {
        Assert.Equal(
            """
            USAGE: ha-manager rules add <type> <rule> [OPTIONS]

            USAGE: ha-manager rules config  [OPTIONS] [FORMAT_OPTIONS]

            USAGE: ha-manager rules list  [OPTIONS] [FORMAT_OPTIONS]

            USAGE: ha-manager rules remove <rule>

            USAGE: ha-manager rules set <type> <rule> [OPTIONS]

            """.ReplaceLineEndings("\n"),
            (await _cli.RunAsync("help", "ru", "--verbose", "0")).Out);
        Assert.Equal("USAGE: ha-manager crm-command migrate <sid> <node>\n", (await _cli.RunAsync("help", "migrate", "--verbose", "0")).Out);
        Assert.Contains("-noborder      <boolean>", (await _cli.RunAsync("help", "rules", "list")).Out, StringComparison.Ordinal);
    }

    private static Task<int> HelpNobody(Session session, Invocation invocation, CancellationToken cancel) => Task.FromResult(0);

    private async Task<string> CompleteAsync(string line, string current)
    {
        _cli.Environment["COMP_LINE"] = line;
        _cli.Environment.TryAdd("COMP_POINT", line.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var result = await _cli.RunAsync("bashcomplete", "ha-manager", current, "");
        _cli.Environment.Clear();
        Assert.Equal((0, ""), (result.Exit, result.Error));
        return string.Join(' ', result.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }
}
