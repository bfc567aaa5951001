using System.Collections.Concurrent;
using System.Diagnostics;

namespace Ha.StoreServers.Local;

/// <summary>Starts processes that the kernel kills when this process ends, however it ends. The kernel means the thread that started them
/// (<c>PR_SET_PDEATHSIG</c>), so all are started by one thread that never ends.</summary>
internal static class ProcessLauncher
{
    private static readonly BlockingCollection<Action> Jobs = [];

    static ProcessLauncher() => new Thread(Work) { IsBackground = true, Name = "store server launcher" }.Start();

    /// <summary>Starts a command.</summary>
    /// <param name="prefix">What the command is to be started by, such as one that enters a namespace; may be empty.</param>
    /// <param name="command">Program and arguments.</param>
    /// <param name="log">The file that gets everything it writes.</param>
    public static Task<Process> StartAsync(IEnumerable<string> prefix, IEnumerable<string> command, string log)
    {
        // The shell becomes the next program in turn, so that the process is the server itself.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", log,
            .. prefix, "setpriv", "--pdeathsig", "KILL", "--", .. command]);
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Jobs.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
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
