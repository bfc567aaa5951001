using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using Ha.Core.Platform;
using Microsoft.Extensions.Logging;

namespace Ha.Node.Fencing;

/// <summary>Runs fence agents as processes: no shell, a fresh environment, nothing on standard input.</summary>
/// <param name="directories">Where agents are looked for, in order.</param>
/// <param name="limit">How long one may take; it is killed then.</param>
/// <param name="time">Counts the limit.</param>
/// <param name="log">Receives what agents print, passwords among their arguments left out.</param>
internal sealed class ProcessFenceAgents(ImmutableArray<string> directories, TimeSpan limit, TimeProvider time, ILogger log) : IFenceAgents
{
    // What a shell would end with.
    private const int NotFound = 127;
    private const int NotExecutable = 126;

    // Errors of the system call.
    private const int NoSuchFile = 2;
    private const int ExecFormat = 8;
    private const int AccessDenied = 13;

    /// <summary>Where agents usually are.</summary>
    public static ImmutableArray<string> UsualDirectories { get; } = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>A limit that ordinary agents do not reach, with their own time-outs and retries.</summary>
    public static TimeSpan UsualLimit { get; } = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public IFenceProcess Start(string agent, ImmutableArray<string> arguments)
    {
        ArgumentException.ThrowIfNullOrEmpty(agent);
        if (Find(agent) is not { } path)
        {
            log.Write(NodeLog.FenceAgentMissing(agent, directories));
            return new EndedAgent(NotFound << 8);
        }

        try
        {
            return new FenceAgentProcess(agent, StartProcess(path, arguments), AgentSecrets.Of(arguments), limit, time, log);
        }
        catch (Win32Exception e) when (e.NativeErrorCode is NoSuchFile or ExecFormat or AccessDenied)
        {
            // The file is there; its interpreter is not, or it is no program.
            log.Write(NodeLog.FenceAgentUnusable(path, e.Message));
            return new EndedAgent((e.NativeErrorCode == NoSuchFile ? NotFound : NotExecutable) << 8);
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            throw new PlatformException($"fence agent '{agent}' could not be started: {e.Message}", e);
        }
    }

    private Process StartProcess(string path, ImmutableArray<string> arguments)
    {
        var start = new ProcessStartInfo(path, arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = string.Join(':', directories);
        start.Environment["LC_ALL"] = "C";
        start.Environment["HOME"] = "/root";
        var process = Process.Start(start) ?? throw new IOException("no process");
        process.StandardInput.Close();
        return process;
    }

    private string? Find(string agent) => agent.Contains('/', StringComparison.Ordinal)
        ? Path.IsPathFullyQualified(agent) && File.Exists(agent) ? agent : null
        : directories.Select(d => Path.Combine(d, agent)).FirstOrDefault(File.Exists);

    private sealed record EndedAgent(int? WaitStatus) : IFenceProcess
    {
        public void Kill()
        {
            // It never ran.
        }
    }
}
