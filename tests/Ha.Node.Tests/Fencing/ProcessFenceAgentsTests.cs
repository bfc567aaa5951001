using System.Globalization;
using Ha.Core.Platform;
using Ha.Node.Fencing;
using Ha.Testing;

namespace Ha.Node.Tests.Fencing;

/// <summary>Real shell scripts as agents, run by <c>sh</c>; the tests wait for their real end, the time limit alone is virtual.</summary>
public sealed class ProcessFenceAgentsTests : IDisposable
{
    // Only ends a test that has failed.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _directory = Directory.CreateTempSubdirectory("ha-fence").FullName;
    private readonly ManualTimeProvider _time = new();
    private readonly CapturingLogger _log = new();
    private readonly ProcessFenceAgents _agents;

    public ProcessFenceAgentsTests() =>
        _agents = new ProcessFenceAgents([_directory, "/bin"], TimeSpan.FromSeconds(60), _time, _log);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 3", 3 * 256)]
    [InlineData("exit 127", 127 * 256)]
    [InlineData("kill -9 $$", 9)]
    [InlineData("kill -TERM $$", 15)]
    public async Task How_an_agent_ends_is_its_wait_status(string script, int status)
    {
        var process = Run(script);
        await EndAsync(process);
        Assert.Equal(status, process.WaitStatus);
    }

    [Fact]
    public async Task An_agent_gets_its_arguments_as_they_are_a_fresh_environment_and_no_input()
    {
        var process = Run("printf '%s|' \"$@\"; printf '%s' \"$PATH\"; test -z \"$DOTNET_ROOT$HA_STORE\"; cat", "--ip=1.2.3.4", "--option=a b $HOME `id` 'x'", "-n", "");
        await EndAsync(process);
        Assert.Equal([$"fence agent 'sh': --ip=1.2.3.4|--option=a b $HOME `id` 'x'|-n||{_directory}:/bin"], Texts);
    }

    [Fact]
    public async Task What_an_agent_prints_is_logged_to_its_last_lines_without_its_passwords()
    {
        var process = Run(
            "for i in $(seq 25); do echo line $i; done; echo \"cannot log in with $1 and $4\" >&2; exit 1", "--password=s3cret=x", "--ip=1.2.3.4", "-p", "hunter2");
        await EndAsync(process);
        Assert.Equal("fence agent 'sh': line 6", Texts[0]);
        Assert.Equal("fence agent 'sh': cannot log in with --password=*** and ***", Texts[^1]);
        Assert.Equal(21, Texts.Count);
    }

    [Fact]
    public async Task An_agent_that_prints_without_end_costs_a_line()
    {
        var process = Run("head -c 3000000 /dev/zero | tr '\\0' x");
        await EndAsync(process);
        Assert.Equal("fence agent 'sh': ".Length + 500, Assert.Single(Texts).Length);
    }

    [Fact]
    public void An_agent_that_does_not_exist_has_ended_like_a_command_that_does_not_exist()
    {
        foreach (var name in new[] { "fence_nobody", "/nowhere/fence_nobody", "../sh", "sub/agent" })
        {
            var process = _agents.Start(name, []);
            process.Kill();
            Assert.Equal(127 * 256, process.WaitStatus);
        }

        Assert.Equal($"fence agent 'fence_nobody' not found in {_directory}, /bin: install it, or write its absolute path in fence.cfg", Texts[0]);
    }

    [Fact]
    public void A_file_that_is_no_program_is_named()
    {
        var path = Path.Combine(_directory, "fence_data");
        File.WriteAllText(path, "#!/bin/sh\n");
        Assert.Equal(126 * 256, _agents.Start("fence_data", []).WaitStatus);
        Assert.StartsWith($"fence agent '{path}' cannot be executed: ", Assert.Single(Texts), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_takes_too_long_is_killed_with_what_it_started()
    {
        var process = Run($"sleep 1000 & echo $! > {_directory}/child; echo begun; wait");
        var child = await ReadWhenWrittenAsync("child");
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Null(process.WaitStatus);
        _time.Advance(TimeSpan.FromSeconds(1));
        await EndAsync(process);
        Assert.Equal(9, process.WaitStatus);
        Assert.Equal(["fence agent 'sh' was killed: it took longer than 60 s", "fence agent 'sh': begun"], Texts);
        await GoneAsync(child);
    }

    [Fact]
    public async Task An_agent_that_is_killed_is_dead_with_what_it_started_when_the_call_returns()
    {
        var process = Run($"sleep 1000 & echo $! > {_directory}/child; wait");
        var child = await ReadWhenWrittenAsync("child");
        process.Kill();
        process.Kill();
        await GoneAsync(child);
        await EndAsync(process);
        Assert.Equal(9, process.WaitStatus);
    }

    [Fact]
    public async Task Nobody_waits_for_what_an_agent_left_behind()
    {
        var process = Run($"sleep 1000 & echo $! > {_directory}/child; echo off");
        // The end of its output does not come; what it printed is logged after a second of virtual time.
        using var limit = new CancellationTokenSource(Limit);
        while (process.WaitStatus is null)
        {
            await Task.Delay(10, limit.Token);
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(0, process.WaitStatus);
        Assert.Equal(["fence agent 'sh': off"], Texts);
        using var child = System.Diagnostics.Process.GetProcessById(await ReadWhenWrittenAsync("child"));
        child.Kill();
    }

    private List<string> Texts => [.. _log.Lines.Select(l => l.Text)];

    private IFenceProcess Run(string script, params string[] arguments)
    {
        var path = Path.Combine(_directory, "agent.sh");
        File.WriteAllText(path, script);
        return _agents.Start("sh", [path, .. arguments]);
    }

    private static Task EndAsync(IFenceProcess process) => ((FenceAgentProcess)process).Completion.WaitAsync(Limit);

    private async Task<int> ReadWhenWrittenAsync(string name)
    {
        using var limit = new CancellationTokenSource(Limit);
        var path = Path.Combine(_directory, name);
        string text;
        while (!File.Exists(path) || !(text = await File.ReadAllTextAsync(path)).EndsWith('\n'))
            await Task.Delay(10, limit.Token);
        return int.Parse(text, NumberStyles.None | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
    }

    // A killed child that nobody has collected yet is a zombie.
    private static async Task GoneAsync(int process)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            while (!(await File.ReadAllTextAsync($"/proc/{process}/stat")).Contains(") Z ", StringComparison.Ordinal))
                await Task.Delay(10, limit.Token);
        }
        catch (IOException)
        {
            // It is gone.
        }
    }
}
