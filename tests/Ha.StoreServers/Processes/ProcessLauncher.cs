using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;

namespace Ha.StoreServers.Processes;

/// <summary>Starts processes that the kernel kills when this process ends, however it ends. The kernel means the thread that started them
/// (<c>PR_SET_PDEATHSIG</c>), so all are started by one thread that never ends.</summary>
internal static class ProcessLauncher
{
    private static readonly BlockingCollection<Action> Jobs = [];

    static ProcessLauncher() => new Thread(Work) { IsBackground = true, Name = "store server launcher" }.Start();

    /// <summary>Starts a command.</summary>
    /// <param name="command">Program and arguments.</param>
    /// <param name="log">The file that gets everything it writes.</param>
    /// <param name="within">What enters the namespaces the command is to run in; empty for none.</param>
    /// <param name="environment">Environment variables for it.</param>
    public static Task<Process> StartAsync(
        IReadOnlyList<string> command, string log, IReadOnlyList<string> within, IReadOnlyDictionary<string, string> environment)
    {
        // Each program becomes the next one in turn, so that the process is the server itself.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", log,
            .. within, "setpriv", "--pdeathsig", "KILL", "--", .. command]);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Jobs.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (Exception e) when (e is Win32Exception or InvalidOperationException)
            {
                started.SetException(e);
            }
        });
        return started.Task;
    }

    private static void Work()
    {
        foreach (var job in Jobs.GetConsumingEnumerable())
            job();
    }
}
