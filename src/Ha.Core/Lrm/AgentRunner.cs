using System.Globalization;
using Ha.Core.Model;
using Ha.Core.Platform;

namespace Ha.Core.Lrm;

/// <summary>Carries out one job with the resource's agent.</summary>
/// <param name="platform">The surroundings.</param>
internal sealed class AgentRunner(LrmPlatform platform)
{
    /// <summary>Runs a job. A failure of the agent is logged and reads as a crash; it never escapes.</summary>
    public async Task<ExitCode> RunAsync(Job job, ResourceSettings? settings, CancellationToken cancel)
    {
        try
        {
            return await ExecuteAsync(job, settings, cancel);
        }
        catch (Exception e) when (e is not InvalidOperationException)
        {
            platform.Log.Write(LrmLog.JobFailed(e.Message.TrimEnd('\n')));
            platform.Log.Write(LrmLog.JobNotExecuted(job.Service));
            return ExitCode.Crashed;
        }
    }

    private async Task<ExitCode> ExecuteAsync(Job job, ResourceSettings? settings, CancellationToken cancel)
    {
        var id = job.Service;
        if (platform.Agents.Find(id.Type) is not { } agent)
            return Say(LrmLog.TypeUnknown(id.Type), ExitCode.UnknownServiceType);
        if (settings is null)
            return Say(LrmLog.NotConfigured(id), ExitCode.UnknownService);
        if (job.Command == ServiceState.Error)
            return Say(LrmLog.InErrorState(id), ExitCode.Success); // Before the question where it is: it is told wherever it is.
        if (settings.Node != platform.Self)
            return Say(LrmLog.NotHere(id), ExitCode.WrongNode);
        var call = new AgentCall(id, settings, platform.Self, platform.Log);
        var isRunning = await agent.IsRunningAsync(call, cancel);
        return job.Command switch
        {
            ServiceState.Started => isRunning ? ExitCode.Success : await StartAsync(agent, call, cancel),
            ServiceState.RequestStop or ServiceState.Stopped => isRunning ? await StopAsync(agent, call, job.Timeout, cancel) : ExitCode.Success,
            ServiceState.Migrate or ServiceState.Relocate or ServiceState.RequestStartBalance => await MoveAsync(agent, call, job, isRunning, cancel),
            ServiceState.RequestStart or ServiceState.Fence or ServiceState.Recovery or ServiceState.Freeze or ServiceState.Error =>
                Say(LrmLog.CommandUnknown(job.Command.Word()), ExitCode.UnknownCommand),
        };
    }

    private async Task<ExitCode> StartAsync(IResourceAgent agent, AgentCall call, CancellationToken cancel)
    {
        platform.Log.Write(LrmLog.Starting(call.Id));
        await agent.StartAsync(call, cancel);
        return await agent.IsRunningAsync(call, cancel)
            ? Say(LrmLog.Started(call.Id), ExitCode.Success)
            : Say(LrmLog.StartFailed(call.Id), ExitCode.Error);
    }

    private async Task<ExitCode> StopAsync(IResourceAgent agent, AgentCall call, string? timeout, CancellationToken cancel)
    {
        platform.Log.Write(LrmLog.Stopping(call.Id, timeout));
        await agent.StopAsync(call, Seconds(timeout), cancel);
        return await agent.IsRunningAsync(call, cancel)
            ? Say(LrmLog.StopFailed(call.Id), ExitCode.Error)
            : Say(LrmLog.Stopped(call.Id), ExitCode.Success);
    }

    private async Task<ExitCode> MoveAsync(IResourceAgent agent, AgentCall call, Job job, bool isRunning, CancellationToken cancel)
    {
        if (job.Target is not { } target)
            throw new PlatformException($"{job.Command.Word()} '{job.Service}' failed - missing target");
        if (target == call.Settings.Node)
            return ExitCode.Success;
        if (job.Command == ServiceState.RequestStartBalance && isRunning)
            return Say(LrmLog.RebalanceIgnored(call.Id), ExitCode.Ignored);
        return await agent.MigrateAsync(call, target, online: job.Command == ServiceState.Migrate, cancel)
            ? ExitCode.Success
            : Say(LrmLog.MoveFailed(call.Id), ExitCode.Error);
    }

    // Any number of digits is a valid command; more seconds than a day are as good as a day.
    private static TimeSpan? Seconds(string? text) => text is null
        ? null
        : TimeSpan.FromSeconds(double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 ? Math.Min(seconds, 86400) : 0);

    private ExitCode Say(LogLine line, ExitCode code)
    {
        platform.Log.Write(line);
        return code;
    }
}
