using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Ha.Hosting.Membership;
using Ha.Node.Commands;
using Ha.Node.Daemons;

namespace Ha.Node.Supervise;

/// <summary>Starts the processes of a node in their order, passes their output on, and ends them in the opposite one. It restarts nothing: a
/// daemon that dies is the watchdog's business.</summary>
/// <param name="plan">The processes.</param>
internal sealed class NodeSupervisor(NodePlan plan)
{
    private static readonly TimeSpan SocketPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SocketPoll = TimeSpan.FromMilliseconds(20);

    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Runs the node until it is asked to end, or its daemons have ended.</summary>
    /// <returns>0, or the exit code of the first process that failed.</returns>
    public async Task<int> RunAsync()
    {
        using var term = Handle(PosixSignal.SIGTERM);
        using var interrupt = Handle(PosixSignal.SIGINT);
        using var only = ProcessLock.TryTake(Path.Combine(plan.Settings.RunDirectory, $"{plan.Settings.Node}.run.lock"));
        if (only is null)
        {
            await Console.Error.WriteLineAsync($"ha-node run: node name twice: '{plan.Settings.Node}' is running already in '{plan.Settings.RunDirectory}': stop it, or give this one its own Node and RunDirectory");
            return ExitCodes.BadConfiguration;
        }

        RemoveRemains();
        Process mux;
        try
        {
            mux = Start("mux", plan.MuxCommand);
        }
        catch (Win32Exception e)
        {
            await Console.Error.WriteLineAsync($"ha-node run: --mux: '{plan.Mux}' cannot be started: {e.Message}");
            return ExitCodes.BadConfiguration;
        }

        if (!await IsListeningAsync(mux))
            return await EndAsync([mux]);
        var crm = Start("crm", plan.DaemonCommand("crm"));
        var lrm = Start("lrm", plan.DaemonCommand("lrm"));
        await Task.WhenAny(_asked.Task, EndOfDaemonsAsync(crm, lrm));
        return await EndAsync([lrm, crm, mux]);
    }

    // Of a node that was reset: it had no chance to clean up, and the multiplexer takes the marker for a living one.
    private void RemoveRemains()
    {
        File.Delete(plan.Settings.WatchdogSocket);
        var marker = Path.Combine(plan.Settings.RunDirectory, MuxArguments.ActiveMarker);
        if (Directory.Exists(marker))
            Directory.Delete(marker, recursive: true);
    }

    // One daemon that ends early does not take the other with it, unless it never began: then settings are wrong.
    private static async Task EndOfDaemonsAsync(Process crm, Process lrm)
    {
        var first = await Task.WhenAny(ExitOf(crm), ExitOf(lrm));
        if (await first != ExitCodes.BadConfiguration)
            await Task.WhenAll(ExitOf(crm), ExitOf(lrm));
    }

    private static async Task<int> EndAsync(IReadOnlyList<Process> processes)
    {
        var worst = ExitCodes.Clean;
        foreach (var process in processes)
        {
            ProcessGroup.Ask(process);
            var code = await ExitOf(process);
            if (worst == ExitCodes.Clean)
                worst = code;
            process.Dispose();
        }

        return worst;
    }

    private static async Task<int> ExitOf(Process process)
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private async Task<bool> IsListeningAsync(Process mux)
    {
        for (var waited = TimeSpan.Zero; waited < SocketPatience && !mux.HasExited; waited += SocketPoll)
        {
            if (File.Exists(plan.Settings.WatchdogSocket))
                return true;
            await Task.Delay(SocketPoll);
        }

        await Console.Error.WriteLineAsync($"ha-node run: watchdog-mux does not listen on '{plan.Settings.WatchdogSocket}'");
        return false;
    }

    private Process Start(string name, IReadOnlyList<string> command)
    {
        var process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })
            ?? throw new Win32Exception();
        process.StandardInput.Close();
        _ = PassOnAsync(name, process.StandardOutput, Console.Out);
        _ = PassOnAsync(name, process.StandardError, Console.Error);
        return process;
    }

    private async Task PassOnAsync(string name, StreamReader from, TextWriter to)
    {
        while (await from.ReadLineAsync() is { } line)
            await to.WriteLineAsync($"{plan.Settings.Node}/{name} | {line}");
    }

    private PosixSignalRegistration Handle(PosixSignal signal) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        _asked.TrySetResult();
    });
}
