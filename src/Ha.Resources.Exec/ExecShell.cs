using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Ha.Core.Platform;

namespace Ha.Resources.Exec;

/// <summary>Runs the commands of <c>exec</c> resources under <c>/bin/sh</c>.</summary>
/// <remarks>Commands belong to the process group of the daemon, so that what resets the node's processes reaches them. They see a fresh
/// environment, no open file of ours, nothing on standard input, and print to one file for each resource and action in
/// <paramref name="directory"/>; the file of a start command stays, since what it started may go on printing there, and is cut when it has grown.</remarks>
/// <param name="directory">Where the output files are; made if it is missing.</param>
/// <param name="time">Counts time limits.</param>
public sealed class ExecShell(string directory, TimeProvider time)
{
    private const long LargestOutput = 1024 * 1024;

    private static readonly ImmutableArray<string> Inherited = ["HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR"];

    /// <summary>Runs a command to its end. What it left in the background runs on.</summary>
    /// <returns>How it ended. One that takes too long is killed with everything it started, as far as that still descends from it.</returns>
    /// <exception cref="PlatformException">It could not be started.</exception>
    public async Task<ExecResult> RunAsync(AgentCall call, ExecAction action, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(action);
        var output = Path.Combine(directory, $"{call.Id.Value.Replace('/', '_')}.{action.Name}.out");
        using var process = Start(call, action, output);
        using var inTime = new CancellationTokenSource(action.Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(inTime.Token, cancel);
        try
        {
            await process.WaitForExitAsync(either.Token);
            return new ExecResult(process.ExitCode, ExecOutput.ReadTail(output));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            await KillAsync(process);
            return new ExecResult(null, ExecOutput.ReadTail(output));
        }
        catch (OperationCanceledException)
        {
            await KillAsync(process); // Nobody would look at its result, and it must not act beside the next command of this resource.
            throw;
        }
    }

    /// <summary>Cuts output files that have grown: what runs in the background may print for ever.</summary>
    public void CutOutputs()
    {
        if (!Directory.Exists(directory))
            return;
        foreach (var file in new DirectoryInfo(directory).EnumerateFiles("*.out").Where(f => f.Length > LargestOutput))
        {
            // Printers append, so they go on at the new end.
            using var stream = file.Open(FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            stream.SetLength(0);
        }
    }

    private Process Start(AgentCall call, ExecAction action, string output)
    {
        try
        {
            Directory.CreateDirectory(directory);
            File.Delete(output); // An earlier service of this name may still hold the old file.
            var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec </dev/null >>\"$1\" 2>&1\nshift\n{action.CommandLine}", $"{call.Id}", output])
            {
                UseShellExecute = false,
                WorkingDirectory = "/",
            };
            start.Environment.Clear();
            foreach (var (name, value) in EnvironmentOf(call, action))
                start.Environment[name] = value;
            return Process.Start(start) ?? throw new PlatformException($"{action.Name} command of '{call.Id}' could not be started");
        }
        catch (Exception e) when (e is Win32Exception or IOException or UnauthorizedAccessException)
        {
            throw new PlatformException($"{action.Name} command of '{call.Id}' could not be started: {e.Message}", e);
        }
    }

    private static Dictionary<string, string> EnvironmentOf(AgentCall call, ExecAction action)
    {
        var seconds = Math.Ceiling(action.Limit.TotalSeconds);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = "/sbin:/bin:/usr/sbin:/usr/bin",
            ["HA_RESOURCE"] = call.Id.Value,
            ["HA_NODE"] = call.Node.Value,
            ["HA_ACTION"] = action.Name,
            ["HA_TIMEOUT"] = seconds.ToString(CultureInfo.InvariantCulture),
            ["OCF_RA_VERSION_MAJOR"] = "1",
            ["OCF_RA_VERSION_MINOR"] = "0",
            ["OCF_ROOT"] = "/usr/lib/ocf",
            ["OCF_RESOURCE_INSTANCE"] = call.Id.Name,
            ["OCF_RESKEY_CRM_meta_timeout"] = (seconds * 1000).ToString(CultureInfo.InvariantCulture),
            ["OCF_RESKEY_CRM_meta_on_node"] = call.Node.Value,
        };
        if (action.Now)
            environment["HA_STOP_NOW"] = "1";
        foreach (var name in Inherited)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
                environment[name] = value;
        }

        foreach (var (name, value) in call.Settings.AgentSettings)
        {
            if (!ExecSettings.Names.Contains(name))
                environment[$"OCF_RESKEY_{name}"] = value;
        }

        return environment;
    }

    private static async Task KillAsync(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has just ended, or a descendant of it has.
        }

        await process.WaitForExitAsync(CancellationToken.None);
    }
}
