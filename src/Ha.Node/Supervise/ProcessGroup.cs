using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Ha.Node.Supervise;

/// <summary>The process group that makes a set of processes one node: whoever resets the node kills the group.</summary>
internal static partial class ProcessGroup
{
    private const int Terminate = 15;

    /// <summary>How to start this program again: itself, or the runtime with it.</summary>
    public static IReadOnlyList<string> OwnProgram
    {
        get
        {
            var path = Environment.ProcessPath ?? throw new InvalidOperationException("a process has a program");
            return Path.GetFileNameWithoutExtension(path) == "dotnet" ? [path, Path.Combine(AppContext.BaseDirectory, "ha-node.dll")] : [path];
        }
    }

    /// <summary>Becomes the leader of a new session and process group.</summary>
    /// <returns>False if this process leads a group already (a shell with job control made it so), whose members a terminal may signal.</returns>
    public static bool TryLead() => NewSession() >= 0;

    /// <summary>Runs the same command line in a child, which can lead, and hands signals on to it.</summary>
    /// <returns>The child's exit code.</returns>
    public static async Task<int> RunAgainAsync(string[] commandLine)
    {
        var program = OwnProgram;
        using var child = Process.Start(new ProcessStartInfo(program[0], [.. program.Skip(1), .. commandLine.Skip(1)]))
            ?? throw new InvalidOperationException("a program that runs can be started");
        using var term = Forward(PosixSignal.SIGTERM, child);
        using var interrupt = Forward(PosixSignal.SIGINT, child);
        await child.WaitForExitAsync();
        return child.ExitCode;
    }

    /// <summary>Asks a process to end.</summary>
    public static void Ask(Process process)
    {
        if (!process.HasExited)
            _ = Kill(process.Id, Terminate);
    }

    private static PosixSignalRegistration Forward(PosixSignal signal, Process child) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        Ask(child);
    });

    [LibraryImport("libc", EntryPoint = "setsid", SetLastError = true)]
    private static partial int NewSession();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
