using Ha.Cli.Commands;
using Ha.Cli.Parsing;

namespace Ha.Cli.Tests;

public sealed class CommandLineTests
{
    private readonly Cli _cli = new();

    [Fact]
    public async Task Without_a_command_the_usage_is_shown()
    {
        var result = await _cli.RunAsync();
        Assert.Equal((255, ""), (result.Exit, result.Out));
        Assert.Equal(
            """
            ERROR: no command specified
            USAGE: ha-manager <COMMAND> [ARGS] [OPTIONS]

                   ha-manager crm-command node-maintenance disable <node>
                   ha-manager crm-command node-maintenance enable <node>
                   ha-manager crm-command migrate <sid> <node>
                   ha-manager crm-command relocate <sid> <node>
                   ha-manager crm-command arm-ha 
                   ha-manager crm-command disarm-ha <resource-mode>
                   ha-manager crm-command stop <sid> <timeout>

                   ha-manager rules add <type> <rule> [OPTIONS]
                   ha-manager rules config  [OPTIONS] [FORMAT_OPTIONS]
                   ha-manager rules list  [OPTIONS] [FORMAT_OPTIONS]
                   ha-manager rules remove <rule>
                   ha-manager rules set <type> <rule> [OPTIONS]

                   ha-manager groupadd <group> --nodes <string> [OPTIONS]
                   ha-manager groupconfig 
                   ha-manager groupremove <group>
                   ha-manager groupset <group> [OPTIONS]

                   ha-manager add <sid> [OPTIONS]
                   ha-manager config  [OPTIONS]
                   ha-manager remove <sid> [OPTIONS]
                   ha-manager set <sid> [OPTIONS]

                   ha-manager status  [OPTIONS]

                   ha-manager help [<extra-args>] [OPTIONS]

            """.ReplaceLineEndings("\n"),
            result.Error);
    }

    [Theory]
    [InlineData("ERROR: unknown command 'ha-manager foo'", "foo")]
    [InlineData("ERROR: unknown command 'ha-manager crm-command foo'", "crm", "foo")]
    [InlineData("ERROR: unknown command 'ha-manager migr'", "migr")]
    [InlineData("ERROR: unknown command 'ha-manager '", "")]
    [InlineData("ERROR: incomplete command 'ha-manager s'", "s")]
    [InlineData("ERROR: incomplete command 'ha-manager r'", "r")]
    [InlineData("ERROR: incomplete command 'ha-manager crm-command'", "crm-command")]
    [InlineData("ERROR: incomplete command 'ha-manager crm-command node-maintenance'", "crm-command", "node")]
    public async Task Words_that_name_no_single_command_are_refused(string error, params string[] args)
    {
        var result = await _cli.RunAsync(args);
        Assert.Equal((255, error), (result.Exit, result.Error.Split('\n')[0]));
    }

    [Fact]
    public async Task The_usage_after_an_incomplete_command_shows_only_what_could_be_meant()
    {
        var result = await _cli.RunAsync("crm", "node");
        Assert.EndsWith(
            "[OPTIONS]\n\n       ha-manager crm-command node-maintenance disable <node>\n       ha-manager crm-command node-maintenance enable <node>\n",
            result.Error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status", "st")]
    [InlineData("config", "con")]
    [InlineData("add", "a")]
    [InlineData("set", "se")]
    [InlineData("remove", "rem")]
    [InlineData("crm-command migrate", "crm", "mi")]
    [InlineData("crm-command migrate", "migrate")]
    [InlineData("crm-command relocate", "relocate")]
    [InlineData("crm-command node-maintenance enable", "crm", "n", "e")]
    [InlineData("crm-command arm-ha", "cr", "a")]
    public void Words_may_be_cut_to_a_unique_prefix_and_aliases_written_out(string command, params string[] words) =>
        Assert.Equal(command, new CommandTree(CommandCatalog.Commands, CommandCatalog.Aliases).Find(words).Command.Words);

    [Theory]
    [InlineData("Unknown option: bogus\n400 unable to parse option", "--bogus")]
    [InlineData("Unknown option: bogus\nUnknown option: worse\n400 unable to parse option", "--bogus", "-worse=1")]
    [InlineData("Option max is ambiguous (max_relocate, max_restart)\n400 unable to parse option", "--max", "1")]
    [InlineData("Option state requires an argument\n400 unable to parse option", "--state")]
    [InlineData("Unknown option: tim\n400 unable to parse option", "--tim", "3")]
    [InlineData("400 too many arguments", "vm:102")]
    [InlineData("400 unable to parse boolean option", "--failback", "maybe")]
    [InlineData("400 Parameter verification failed.\nstate: value 'bogus' does not have a value in the enumeration 'started, stopped, enabled, disabled, ignored'", "--state", "bogus")]
    [InlineData("400 Parameter verification failed.\nmax_relocate: type check ('integer') failed - got 'x'\nmax_restart: value must have a minimum value of 0", "--max_restart=-1", "--max_relocate=x")]
    [InlineData("400 Parameter verification failed.\ntype: value 'zz' does not have a value in the enumeration 'ct, exec, vm'", "--type", "zz")]
    [InlineData("400 Parameter verification failed.\ngroup: invalid format - invalid configuration ID 'x'\n", "--group", "x")]
    [InlineData("400 Parameter verification failed.\nstart: property is not defined in schema and the schema does not allow additional properties", "--start", "/bin/true")]
    public async Task Options_that_are_wrong_are_refused_before_anything_is_changed(string error, params string[] options) =>
        await _cli.RefusesAsync($"{error}\nha-manager add <sid> [OPTIONS]", ["add", "vm:101", .. options]);

    [Fact]
    public async Task Too_few_arguments_are_refused() =>
        await _cli.RefusesAsync("400 not enough arguments\nha-manager add <sid> [OPTIONS]", "add", "--state", "started");

    [Fact]
    public async Task An_id_that_is_none_is_refused_with_the_extra_line_of_a_format_fault() => await _cli.RefusesAsync(
        "400 Parameter verification failed.\nsid: invalid format - value does not look like a valid ha resource id\n\nha-manager add <sid> [OPTIONS]", "add", "VM:101");

    [Theory]
    [InlineData("--state", "stopped")]
    [InlineData("--state=stopped")]
    [InlineData("-state", "stopped")]
    [InlineData("-STATE=stopped")]
    [InlineData("--st", "stopped")]
    [InlineData("--s", "started", "-s=stopped")]
    public async Task An_option_has_many_forms_and_the_last_one_counts(params string[] options)
    {
        await _cli.DoAsync(["add", .. options, "vm:101"]);
        Assert.Equal("vm: 101\n\tstate stopped\n\n", _cli.Text("ha/resources.cfg"));
    }

    [Theory]
    [InlineData("1", "--failback")]
    [InlineData("1", "--failback", "YES")]
    [InlineData("1", "--failback=on")]
    [InlineData("0", "--failback", "no")]
    [InlineData("0", "-f", "False")]
    public async Task A_boolean_option_takes_an_optional_value(string value, params string[] options)
    {
        await _cli.DoAsync(["add", "vm:101", .. options]);
        Assert.Equal($"vm: 101\n\tfailback {value}\n\n", _cli.Text("ha/resources.cfg"));
    }

    [Fact]
    public async Task A_word_after_a_bare_boolean_option_is_its_value()
    {
        await _cli.DoAsync("add", "vm:103");
        await _cli.RefusesAsync("400 not enough arguments\nha-manager remove <sid> [OPTIONS]", "remove", "--purge", "vm:103");
        await _cli.DoAsync("remove", "--purge=1", "vm:103");
    }

    [Fact]
    public async Task Two_dashes_end_the_options() =>
        await _cli.RefusesAsync("400 too many arguments\nha-manager add <sid> [OPTIONS]", "add", "vm:101", "--", "--state");

    [Fact]
    public async Task The_store_may_be_named_before_or_after_the_command()
    {
        await _cli.DoAsync("--store", "memory://", "add", "vm:101", "--config=x");
        Assert.Equal("vm: 101\n\n", _cli.Text("ha/resources.cfg"));
    }

    [Fact]
    public async Task Help_shows_arguments_and_options()
    {
        var result = await _cli.RunAsync("help", "crm", "stop");
        Assert.Equal((0, ""), (result.Exit, result.Error));
        Assert.StartsWith("USAGE: ha-manager crm-command stop <sid> <timeout>\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("<timeout>      <integer> (0 - N)", result.Out, StringComparison.Ordinal);
        Assert.Equal("USAGE: ha-manager set <sid> [OPTIONS]\n", (await _cli.RunAsync("help", "set", "--verbose", "0")).Out);
        Assert.StartsWith("ERROR: unknown command 'foo'\nUSAGE:", (await _cli.RunAsync("help", "foo")).Error, StringComparison.Ordinal);
    }
}
