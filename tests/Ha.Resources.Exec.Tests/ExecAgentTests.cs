using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Testing;

namespace Ha.Resources.Exec.Tests;

/// <summary>Real shell commands, so on the real clock: what is proven is how they are started, timed and killed. Each ends within a fraction of
/// a second; the only waits are for a time limit, which is set short.</summary>
public sealed class ExecAgentTests : IDisposable
{
    private static readonly ResourceId Web = ResourceId.Parse("exec:web");
    private static readonly NodeName A = NodeName.Parse("a");
    private static readonly NodeName B = NodeName.Parse("b");

    private readonly string _directory = Directory.CreateTempSubdirectory("ha-exec").FullName;
    private readonly CapturingLogger _log = new();
    private readonly OneOwner _registry = new();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("exit 0", true)]
    [InlineData("exit 7", false)]
    public async Task The_status_command_says_whether_a_resource_runs(string status, bool runs) =>
        Assert.Equal(runs, await Agent.IsRunningAsync(Call(status: status), CancellationToken.None));

    [Theory]
    [InlineData("echo broken; exit 1", "status of 'exec:web' failed with exit code 1: broken")]
    [InlineData("exit 3", "status of 'exec:web' failed with exit code 3")]
    [InlineData("no-such-program", "status of 'exec:web' failed with exit code 127: ")] // The words that follow are the shell's.
    public async Task Any_other_exit_code_of_the_status_command_is_no_answer(string status, string message)
    {
        var failure = await Assert.ThrowsAsync<PlatformException>(() => Agent.IsRunningAsync(Call(status: status), CancellationToken.None));
        Assert.StartsWith(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_command_that_leaves_a_child_with_our_output_does_not_hold_us_up()
    {
        var mark = Path.Combine(_directory, "child");
        var call = Call(start: $"(while [ -d '{_directory}' ] && [ ! -e '{mark}' ]; do sleep 0.01; done; echo late) & echo started");
        await Agent.StartAsync(call, CancellationToken.None);
        Assert.Equal(["exec:web start: started"], Texts);
        await File.WriteAllTextAsync(mark, "");
    }

    [Fact]
    public async Task What_a_start_command_left_running_may_go_on_printing()
    {
        var (go, done) = (Path.Combine(_directory, "go"), Path.Combine(_directory, "done"));
        var call = Call(start: $"(while [ -d '{_directory}' ] && [ ! -e '{go}' ]; do sleep 0.01; done; echo one; echo two && touch '{done}') &");
        await Agent.StartAsync(call, CancellationToken.None);
        await File.WriteAllTextAsync(go, "");
        await UntilAsync(() => File.Exists(done));
    }

    [Fact]
    public async Task A_command_that_takes_too_long_is_killed_with_its_children()
    {
        var pids = Path.Combine(_directory, "pids");
        var call = Call(start: $"sleep 1000 & echo $! >> '{pids}'; echo $$ >> '{pids}'; wait", timeout: "1");
        await Agent.StartAsync(call, CancellationToken.None);
        Assert.Equal(["start command of exec:web was killed: it took longer than 1 s"], Texts);
        foreach (var pid in await File.ReadAllLinesAsync(pids))
            await UntilAsync(() => !IsAlive(pid));
    }

    [Fact]
    public async Task A_failing_start_is_a_line_in_the_log()
    {
        await Agent.StartAsync(Call(start: "echo no disk >&2; exit 5"), CancellationToken.None);
        Assert.Equal(["exec:web start: no disk", "start command of exec:web failed with exit code 5"], Texts);
        Assert.Equal(Severity.Warning, _log.Lines[1].Severity);
    }

    [Fact]
    public async Task Commands_see_a_fresh_environment()
    {
        var file = Path.Combine(_directory, "env");
        Environment.SetEnvironmentVariable("HA_STORE", "secret");
        var call = Call() with { Settings = Settings(stop: $"env > '{file}'", more: ("port", "80")) };
        await Agent.StopAsync(call, TimeSpan.FromSeconds(30), CancellationToken.None);
        var seen = await File.ReadAllLinesAsync(file);
        Assert.Contains("PATH=/sbin:/bin:/usr/sbin:/usr/bin", seen);
        Assert.Contains("HA_RESOURCE=exec:web", seen);
        Assert.Contains("HA_NODE=a", seen);
        Assert.Contains("HA_TIMEOUT=30", seen);
        Assert.Contains("OCF_RESKEY_CRM_meta_timeout=30000", seen);
        Assert.Contains("OCF_RESKEY_port=80", seen);
        Assert.DoesNotContain(seen, l => l.StartsWith("HA_STORE", StringComparison.Ordinal) || l.StartsWith("HA_STOP_NOW", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stop_without_time_is_told_so()
    {
        await Agent.StopAsync(Call(stop: "echo now=$HA_STOP_NOW limit=$HA_TIMEOUT"), TimeSpan.Zero, CancellationToken.None);
        Assert.Equal(["exec:web stop: now=1 limit=5"], Texts);
    }

    [Fact]
    public async Task Commands_stay_in_our_process_group_and_inherit_no_file()
    {
        var file = Path.Combine(_directory, "facts");
        using var held = File.OpenHandle(Path.Combine(_directory, "held"), FileMode.Create, FileAccess.Write);
        await Agent.StartAsync(Call(start: $"cut -d' ' -f5 /proc/$$/stat > '{file}'; ls -l /proc/$$/fd >> '{file}'"), CancellationToken.None);
        var facts = await File.ReadAllLinesAsync(file);
        var own = (await File.ReadAllTextAsync("/proc/self/stat")).Split(' ')[4];
        Assert.Equal(own, facts[0]);
        Assert.DoesNotContain(facts, f => f.Contains("held", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_move_stops_a_running_resource_and_changes_its_owner()
    {
        var running = Path.Combine(_directory, "running");
        await File.WriteAllTextAsync(running, "");
        var call = Call(stop: $"rm '{running}'", status: $"[ -e '{running}' ] || exit 7");
        Assert.True(await Agent.MigrateAsync(call, B, online: true, CancellationToken.None));
        Assert.Equal(B, _registry.Owner);
        Assert.Equal(
            [
                "service exec:web - start relocate to node 'b'",
                "stopping service exec:web (relocate)",
                "service status exec:web stopped",
                "service exec:web - end relocate to node 'b'",
            ],
            Texts);
    }

    [Fact]
    public async Task A_resource_that_does_not_stop_is_not_moved()
    {
        Assert.False(await Agent.MigrateAsync(Call(status: "exit 0"), B, online: false, CancellationToken.None));
        Assert.Equal(A, _registry.Owner);
    }

    [Fact]
    public async Task A_resource_whose_state_is_unknown_is_not_moved()
    {
        await Assert.ThrowsAsync<PlatformException>(() => Agent.MigrateAsync(Call(status: "exit 1"), B, online: false, CancellationToken.None));
        Assert.Equal(A, _registry.Owner);
    }

    [Theory]
    [InlineData("start", null, "'exec:web' has no command 'start': set it with 'ha-manager set exec:web --start COMMAND'")]
    [InlineData("timeout", "soon", "'exec:web' has timeout 'soon': set a number of seconds from 1 to 86400")]
    public async Task A_wrong_setting_is_named(string name, string? value, string message)
    {
        var settings = new Dictionary<string, string>(Settings().AgentSettings, StringComparer.Ordinal);
        settings.Remove(name);
        if (value is not null)
            settings[name] = value;
        var call = Call() with { Settings = Settings() with { AgentSettings = settings } };
        var failure = await Assert.ThrowsAsync<PlatformException>(() => Agent.StartAsync(call, CancellationToken.None));
        Assert.Equal(message, failure.Message);
    }

    [Fact]
    public async Task Long_output_reaches_the_log_cut()
    {
        await Agent.StartAsync(Call(start: "i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done; printf '%01000d\\n' 0"), CancellationToken.None);
        Assert.Equal(20, Texts.Count);
        Assert.Equal("exec:web start: line 2999", Texts[^2]);
        Assert.True(Texts[^1].Length < 330);
    }

    [Fact]
    public async Task A_grown_output_file_is_cut()
    {
        var shell = new ExecShell(_directory, TimeProvider.System);
        var file = Path.Combine(_directory, "exec:web.start.out");
        await File.WriteAllBytesAsync(file, new byte[2 * 1024 * 1024]);
        shell.CutOutputs();
        Assert.Equal(0, new FileInfo(file).Length);
    }

    private ExecAgent Agent => new(_registry, new ExecShell(_directory, TimeProvider.System));

    private List<string> Texts => [.. _log.Lines.Select(l => l.Text)];

    private AgentCall Call(string start = "true", string stop = "true", string status = "exit 7", string? timeout = null) =>
        new(Web, Settings(start, stop, status, timeout is null ? null : ("timeout", timeout)), A, _log);

    private static ResourceSettings Settings(string start = "true", string stop = "true", string status = "exit 7", (string Name, string Value)? more = null)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["start"] = start, ["stop"] = stop, ["status"] = status };
        if (more is { } extra)
            settings[extra.Name] = extra.Value;
        return new ResourceSettings { State = WantedState.Started, Node = A, AgentSettings = settings };
    }

    private static bool IsAlive(string pid)
    {
        try
        {
            // A zombie is dead; whoever adopted it has not looked yet.
            return File.ReadAllText($"/proc/{pid}/stat").Split(") ")[1][0] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    // Other processes act on the real clock; the limit only ends a test that has failed.
    private static async Task UntilAsync(Func<bool> happened)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!happened())
            await Task.Delay(10, limit.Token);
    }

    private sealed class OneOwner : IResourceRegistry
    {
        public NodeName Owner { get; private set; } = A;

        public Task<ResourceSnapshot> ReadAsync(CancellationToken cancel) => Task.FromResult(new ResourceSnapshot([], null));

        public Task SetWantedAsync(ResourceId id, WantedState state, CancellationToken cancel) => Task.CompletedTask;

        public Task MoveAsync(ResourceId id, NodeName from, NodeName to, CancellationToken cancel)
        {
            if (from != Owner)
                throw new PlatformException($"'{id}' is not on '{from}'");
            Owner = to;
            return Task.CompletedTask;
        }
    }
}
