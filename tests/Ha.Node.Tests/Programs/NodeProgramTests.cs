namespace Ha.Node.Tests.Programs;

/// <summary>Starts the program, to prove the wiring and nothing else.</summary>
public sealed class NodeProgramTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ha-node").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("crm", "TERM")]
    [InlineData("lrm", "TERM")]
    [InlineData("crm", "INT")]
    public async Task A_daemon_starts_and_leaves_cleanly_when_asked(string daemon, string signal)
    {
        await using var process = NodeProcess.Start([daemon, .. Options("a")]);
        await process.ReadUntilAsync($"a/{daemon}: registered node 'a' as a member of the cluster");
        await process.ReadUntilAsync("status change startup");
        await process.SignalAsync(signal);
        var (code, output, errors) = await process.EndAsync();
        Assert.Equal("", errors);
        Assert.Contains($"received signal {signal}", output, StringComparison.Ordinal);
        Assert.EndsWith($"a/{daemon}: server stopped\n", output, StringComparison.Ordinal);
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task A_daemon_that_is_asked_to_leave_while_it_starts_leaves_cleanly()
    {
        await using var process = NodeProcess.Start(["crm", .. Options("a")]);
        await process.ReadUntilAsync("starting server");
        await process.SignalAsync("TERM");
        Assert.Equal(0, (await process.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task A_daemon_waits_for_a_store_that_is_not_there_yet_and_leaves_cleanly_when_asked()
    {
        // Port 9 is discard's: nobody listens, and the refusal comes at once.
        await using var process = NodeProcess.Start("crm", "--node", "a", "--store", "etcd://127.0.0.1:9/ha?timeout=1", "--profile", "fast", "--run-directory", _directory);
        await process.ReadUntilAsync("a/crm: waiting for the store - ");
        await process.SignalAsync("TERM");
        var (code, _, errors) = await process.EndAsync();
        Assert.Equal((0, ""), (code, errors));
    }

    [Fact]
    public async Task Crm_and_lrm_of_a_node_share_its_name_and_a_second_one_of_a_kind_is_refused()
    {
        await using var crm = NodeProcess.Start(["crm", .. Options("a")]);
        await crm.ReadUntilAsync("status change startup");
        await using var lrm = NodeProcess.Start(["lrm", .. Options("a")]);
        await lrm.ReadUntilAsync("status change startup");
        var (code, _, errors) = await NodeProcess.RunAsync(["crm", .. Options("a")]);
        Assert.StartsWith("ha-node crm: node name twice: 'a/crm' is running already as process ", errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.Equal(2, code);
    }

    [Fact]
    public async Task A_node_name_used_from_another_run_directory_is_refused()
    {
        await using var crm = NodeProcess.Start(["crm", .. Options("a")]);
        await crm.ReadUntilAsync("status change startup");
        var (code, _, errors) = await NodeProcess.RunAsync(["crm", .. Options("a"), "--set", $"RunDirectory={_directory}/other"]);
        Assert.StartsWith("ha-node crm: node name twice: 'a' is registered on this machine with RunDirectory ", errors, StringComparison.Ordinal);
        Assert.Equal(2, code);
    }

    [Fact]
    public async Task Settings_are_reloaded_and_unsafe_changes_are_named()
    {
        var file = Path.Combine(_directory, "ha.json");
        await File.WriteAllTextAsync(file, """{ "Profile": "fast" }""");
        await using var crm = NodeProcess.Start(["crm", .. Options("a", profile: null), "--config", file]);
        await crm.ReadUntilAsync("status change startup");
        await File.WriteAllTextAsync(file, """{ "Profile": "standard", "NotifyCommand": "true" }""");
        await crm.SignalAsync("HUP");
        await crm.ReadUntilAsync("the change of Profile takes effect after a restart");
        await crm.ReadUntilAsync("settings reloaded");
        await File.WriteAllTextAsync(file, """{ "Profile": "standrad" }""");
        await crm.SignalAsync("HUP");
        await crm.ReadUntilAsync("settings not reloaded, the old ones stay - Profile: 'standrad' is no profile");
        await crm.SignalAsync("TERM");
        Assert.Equal(0, (await crm.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task All_mistakes_of_the_settings_are_told_in_one_line_each()
    {
        var (code, output, errors) = await NodeProcess.RunAsync(
            "lrm", "--node", "a_b", "--store", "oracle://x", "--profile", "fast", "--set", "Timing:ClientWindow=9", "--max-workers", "none");
        Assert.Equal(["Node", "Store", "Profile", "MaxWorkers"], errors.TrimEnd().Split('\n').Select(l => l.Split(": ")[1]));
        Assert.All(errors.TrimEnd().Split('\n'), l => Assert.StartsWith("ha-node lrm: ", l, StringComparison.Ordinal));
        Assert.Equal("", output);
        Assert.Equal(2, code);
    }

    [Fact]
    public async Task A_damaged_store_is_told_in_one_line_and_left_as_it_is()
    {
        var file = Path.Combine(_directory, "store.db");
        var garbage = Enumerable.Range(0, 4096).Select(i => (byte)(i * 7)).ToArray();
        await File.WriteAllBytesAsync(file, garbage);
        var (code, _, errors) = await NodeProcess.RunAsync(["crm", .. Options("a")]);
        var line = Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.StartsWith("ha-node crm: Store: ", line, StringComparison.Ordinal);
        Assert.Contains(file, line, StringComparison.Ordinal);
        Assert.NotEqual(0, code);
        Assert.Equal(garbage, await File.ReadAllBytesAsync(file));
    }

    [Theory]
    [InlineData("crn")]
    [InlineData("crm", "--nodes", "a")]
    [InlineData("crm", "surplus")]
    public async Task A_wrong_command_line_is_refused(params string[] arguments)
    {
        var (code, output, errors) = await NodeProcess.RunAsync(arguments);
        Assert.Equal(2, code);
        Assert.Contains("ha-node: ", errors, StringComparison.Ordinal);
        Assert.Equal("", output);
    }

    [Fact]
    public async Task The_multiplexers_options_follow_the_profile()
    {
        var (code, output, _) = await NodeProcess.RunAsync("watchdog-options", "--store", "sqlite:///x", "--profile", "fast", "--run-directory", "/run/x");
        Assert.Equal(
            "--socket /run/x/watchdog-mux.sock --active-marker /run/x/watchdog-mux.active --hardware-timeout 2 --client-timeout 3.5 --tick 250\n", output);
        Assert.Equal(0, code);
    }

    private string[] Options(string node, string? profile = "fast") =>
    [
        "--node", node, "--store", $"sqlite://{_directory}/store.db", "--run-directory", Path.Combine(_directory, node),
        .. profile is null ? Array.Empty<string>() : ["--profile", profile],
    ];
}
