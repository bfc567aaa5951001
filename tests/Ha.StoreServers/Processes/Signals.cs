using System.Runtime.InteropServices;

namespace Ha.StoreServers.Processes;

/// <summary>Signals by their Linux numbers.</summary>
internal enum Signal
{
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

/// <summary>Sends signals to processes.</summary>
internal static class Signals
{
    /// <summary>Sends one. Nothing happens if the process is gone.</summary>
    public static void Send(int process, Signal signal) => _ = Kill(process, (int)signal);

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
