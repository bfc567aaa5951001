using Ha.Simulator.Commands;

namespace Ha.Simulator.Tests.Commands;

public class ProgramTests : IDisposable
{
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _errors = new() { NewLine = "\n" };
    private readonly TemporaryScenario _scenario = new();

    public void Dispose()
    {
        _scenario.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Log_prints_the_log_and_nothing_else()
    {
        Assert.Equal(ExitCodes.Done, Program.Run(["log", _scenario.Folder], _output, _errors));
        Assert.Equal("info      0     hardware: starting simulation\ninfo    520     hardware: exit simulation - done\n", _output.ToString());
        Assert.Equal("", _errors.ToString());
    }

    [Fact]
    public void Log_writes_the_documents_at_the_end_where_it_is_told_and_nothing_into_the_scenario()
    {
        using var elsewhere = new TemporaryScenario();
        var final = Path.Combine(elsewhere.Folder, "final");
        var before = Directory.GetFileSystemEntries(_scenario.Folder);
        Assert.Equal(ExitCodes.Done, Program.Run(["log", _scenario.Folder, "--final", final], _output, _errors));
        Assert.Equal(["manager_status", "service_config", "service_status_node1", "service_status_node2", "service_status_node3"], Directory.GetFiles(final).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));
        Assert.Equal(before, Directory.GetFileSystemEntries(_scenario.Folder));
        Assert.Equal(ExitCodes.BadInput, Program.Run(["log", _scenario.Folder, "--final", Path.Combine(_scenario.Folder, "final")], _output, _errors));
        Assert.Equal(before, Directory.GetFileSystemEntries(_scenario.Folder));
    }

    [Fact]
    public void A_run_that_ends_in_an_error_fails_only_if_strict()
    {
        _scenario.With("cmdlist", """[ [ "explode node1" ] ]""");
        Assert.Equal(ExitCodes.Done, Program.Run(["log", _scenario.Folder], _output, _errors));
        Assert.Equal(ExitCodes.Different, Program.Run(["log", _scenario.Folder, "--strict"], _output, _errors));
        _scenario.With("log.expect", _scenario.Run().Log);
        Assert.Equal(ExitCodes.Done, Program.Run(["run", _scenario.Folder], _output, _errors));
        Assert.Equal(ExitCodes.Different, Program.Run(["run", "--strict", _scenario.Folder], _output, _errors));
    }

    [Fact]
    public void Run_sums_up()
    {
        _scenario.With("log.expect", _scenario.Run().Log);
        Assert.Equal(ExitCodes.Done, Program.Run(["run", _scenario.Folder], _output, _errors));
        Assert.StartsWith($"pass    {_scenario.Folder}\n1 passed, 0 failed, 0 not run; 520 virtual seconds in ", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_shows_how_a_log_differs()
    {
        _scenario.With("log.expect", "info      0     hardware: starting simulation\n");
        Assert.Equal(ExitCodes.Different, Program.Run(["run", _scenario.Folder], _output, _errors));
        Assert.Contains("\n info      0     hardware: starting simulation\n+info    520     hardware: exit simulation - done\n", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_never_makes_up_an_expected_log()
    {
        Assert.Equal(ExitCodes.BadInput, Program.Run(["run", _scenario.Folder], _output, _errors));
        Assert.StartsWith($"ha-simulator: {_scenario.Folder}/log.expect: the file is missing, expected", _errors.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_scenario.Folder, "log.expect")));
    }

    [Fact]
    public void Run_takes_a_folder_of_scenarios_and_what_it_cannot_run_is_not_passed_over()
    {
        var parent = Directory.CreateTempSubdirectory("ha-simulator-").FullName;
        try
        {
            foreach (var name in new[] { "b", "a" })
            {
                var folder = Directory.CreateDirectory(Path.Combine(parent, name)).FullName;
                File.WriteAllText(Path.Combine(folder, "cmdlist"), "[]");
                File.WriteAllText(Path.Combine(folder, "log.expect"), _scenario.Run().Log);
            }

            File.WriteAllText(Path.Combine(parent, "b", "datacenter.cfg"), "7");
            Assert.Equal(ExitCodes.BadInput, Program.Run(["run", parent, "--jobs", "1"], _output, _errors));
            Assert.StartsWith($"pass    {parent}/a\nrefuse  {parent}/b\n1 passed, 0 failed, 1 not run; ", _output.ToString(), StringComparison.Ordinal);
            Assert.Equal($"ha-simulator: {parent}/b/datacenter.cfg:1:1: found 7, expected the settings as an object {{ … }}\n", _errors.ToString());
        }
        finally
        {
            Directory.Delete(parent, recursive: true);
        }
    }

    [Theory]
    [InlineData("expected a command, run or log")]
    [InlineData("found 'walk', expected a command, run or log", "walk")]
    [InlineData("run: expected a scenario folder", "run")]
    [InlineData("log: expected one scenario folder", "log", "a", "b")]
    [InlineData("--jobs: found '0', expected a number from 1", "run", "a", "--jobs", "0")]
    [InlineData("--jobs: expected a value", "run", "a", "--jobs")]
    [InlineData("found '--fast', expected --final or --strict", "log", "a", "--fast")]
    public void Wrong_usage_is_one_line_and_exit_code_2(string complaint, params string[] arguments)
    {
        Assert.Equal(ExitCodes.BadInput, Program.Run(arguments, _output, _errors));
        Assert.Equal($"ha-simulator: {complaint}; see ha-simulator --help\n", _errors.ToString());
        Assert.Equal("", _output.ToString());
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        Assert.Equal(ExitCodes.BadInput, Program.Run(["log", "nowhere/at/all"], _output, _errors));
        Assert.Equal("ha-simulator: testdir 'nowhere/at/all' does not exist or is not a directory!\n", _errors.ToString());
    }
}
