using System.Runtime.InteropServices;

namespace Ha.LocalCluster.Processes;

/// <summary>The signals that a local cluster is sent.</summary>
public static partial class Signal
{
    private const int KillNumber = 9;
    private const int StopNumber = 19;

    /// <summary>Ends a process at once.</summary>
    public static void Kill(int processId) => _ = Send(processId, KillNumber);

    /// <summary>Ends all processes of a group at once.</summary>
    public static void KillGroup(int group) => _ = Send(-group, KillNumber);

    /// <summary>Freezes a process: it keeps all it has and does nothing.</summary>
    /// <returns>Whether there is such a process.</returns>
    public static bool Freeze(int processId) => Send(processId, StopNumber) == 0;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Send(int process, int signal);
}
