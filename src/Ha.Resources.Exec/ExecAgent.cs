using Ha.Core.Model;
using Ha.Core.Platform;

namespace Ha.Resources.Exec;

/// <summary>Resources of type <c>exec</c>: anything that shell commands can start, stop and probe, with the exit codes of OCF.</summary>
/// <param name="registry">Who owns a resource.</param>
/// <param name="shell">Runs the commands.</param>
public sealed class ExecAgent(IResourceRegistry registry, ExecShell shell) : IResourceAgent
{
    private const int NotRunning = 7;

    /// <inheritdoc/>
    public string Type => "exec";

    /// <inheritdoc/>
    public async Task<bool> IsRunningAsync(AgentCall call, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(call);
        var settings = ExecSettings.Of(call.Id, call.Settings.AgentSettings);
        var result = await shell.RunAsync(call, new ExecAction("status", settings.Status, ExecSettings.StatusLimit), cancel);
        return result.ExitCode switch
        {
            0 => true,
            NotRunning => false,
            null => throw new PlatformException($"status of '{call.Id}' gave no answer within {Seconds(ExecSettings.StatusLimit)} s{Quote(result)}"),
            var code => throw new PlatformException($"status of '{call.Id}' failed with exit code {code}{Quote(result)}"),
        };
    }

    /// <inheritdoc/>
    /// <remarks>A start command that fails, or takes too long, is a line in the log.</remarks>
    public async Task StartAsync(AgentCall call, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(call);
        var settings = ExecSettings.Of(call.Id, call.Settings.AgentSettings);
        await ActAsync(call, new ExecAction("start", settings.Start, settings.Timeout), cancel);
    }

    /// <inheritdoc/>
    /// <remarks>To stop at once, the stop command runs with <c>HA_STOP_NOW=1</c> and has five seconds. A stop command that fails, or takes too
    /// long, is a line in the log.</remarks>
    public async Task StopAsync(AgentCall call, TimeSpan? timeout, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(call);
        var settings = ExecSettings.Of(call.Id, call.Settings.AgentSettings);
        var now = timeout == TimeSpan.Zero;
        await ActAsync(call, new ExecAction("stop", settings.Stop, now ? ExecSettings.StopNowLimit : timeout ?? settings.Timeout) { Now = now }, cancel);
    }

    /// <inheritdoc/>
    /// <remarks>Never without stopping: a process cannot move. A running resource is stopped first and must be seen stopped.</remarks>
    public async Task<bool> MigrateAsync(AgentCall call, NodeName target, bool online, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.Log.Write(ExecLog.MoveBegins(call.Id, target));
        if (await IsRunningAsync(call, cancel))
        {
            call.Log.Write(ExecLog.StopsForMove(call.Id));
            await StopAsync(call, null, cancel);
            if (await IsRunningAsync(call, cancel))
            {
                call.Log.Write(ExecLog.StillRunning(call.Id));
                return false;
            }

            call.Log.Write(ExecLog.Stopped(call.Id));
        }

        await registry.MoveAsync(call.Id, call.Node, target, cancel);
        call.Log.Write(ExecLog.MoveEnds(call.Id, target));
        return true;
    }

    /// <summary>There are no such locks: null.</summary>
    public Task<string?> RemoveLockAsync(ResourceId id, NodeName node, IReadOnlyList<string> locks, CancellationToken cancel) => Task.FromResult<string?>(null);

    private async Task ActAsync(AgentCall call, ExecAction action, CancellationToken cancel)
    {
        var result = await shell.RunAsync(call, action, cancel);
        foreach (var line in result.Output)
            call.Log.Write(ExecLog.Output(call.Id, action.Name, line));
        if (result.ExitCode is null)
            call.Log.Write(ExecLog.TookTooLong(call.Id, action.Name, action.Limit));
        else if (result.ExitCode != 0)
            call.Log.Write(ExecLog.Failed(call.Id, action.Name, result.ExitCode.Value));
    }

    private static string Quote(ExecResult result) => result.Output.Count == 0 ? "" : $": {result.Output[^1]}";

    private static double Seconds(TimeSpan span) => span.TotalSeconds;
}
