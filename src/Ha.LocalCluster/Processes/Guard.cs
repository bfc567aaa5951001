using System.ComponentModel;
using System.Diagnostics;

namespace Ha.LocalCluster.Processes;

/// <summary>Ends the cluster if the starting program dies, also by SIGKILL: a shell in a session of its own that waits for the end of a pipe.</summary>
/// <remarks>PR_SET_PDEATHSIG would need a hook in every program, and follows the thread that started a process, not our process.</remarks>
public sealed class Guard : IDisposable
{
    private readonly Process _shell;

    /// <summary>Begins to watch.</summary>
    public Guard(ClusterFolder folder)
    {
        try
        {
            _shell = Start("setsid", "/bin/sh", folder.Guard);
        }
        catch (Win32Exception)
        {
            _shell = Start("/bin/sh", folder.Guard); // Without setsid it shares our terminal, whose signals it ignores.
        }
    }

    /// <summary>Says farewell: the cluster is gone, or shall stay.</summary>
    public void Dispose()
    {
        try
        {
            _shell.StandardInput.WriteLine("done");
            _shell.StandardInput.Close();
            _shell.WaitForExit();
        }
        catch (IOException)
        {
            // It is gone already.
        }

        _shell.Dispose();
    }

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true }) ?? throw new Win32Exception();
}
