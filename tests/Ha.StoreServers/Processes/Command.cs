using System.ComponentModel;
using System.Diagnostics;

namespace Ha.StoreServers.Processes;

/// <summary>Runs programs that end soon.</summary>
internal static class Command
{
    /// <summary>Runs one and returns what it wrote to its standard output, without space around it.</summary>
    /// <exception cref="StoreServersException">It is missing, failed, or did not end in time; the message has the command and its words.</exception>
    public static async Task<string> RunAsync(IReadOnlyList<string> command, TimeSpan timeout)
    {
        var result = await TryAsync(command, timeout);
        return result.ExitCode == 0
            ? result.Output
            : throw new StoreServersException($"'{string.Join(' ', command)}' failed with {result.ExitCode}: {result.Error} {result.Output}".TrimEnd());
    }

    /// <summary>Runs one and returns how it went.</summary>
    /// <exception cref="StoreServersException">It is missing or did not end in time.</exception>
    public static async Task<CommandResult> TryAsync(IReadOnlyList<string> command, TimeSpan timeout)
    {
        using var process = new Process
        {
            StartInfo = new(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        using var limit = new CancellationTokenSource(timeout);
        try
        {
            process.Start();
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new(process.ExitCode, (await output).Trim(), (await error).Trim());
        }
        catch (Win32Exception e)
        {
            throw new StoreServersException($"'{command[0]}' cannot be run: {e.Message}", e);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new StoreServersException($"'{string.Join(' ', command)}' did not end within {timeout.TotalSeconds:0} s", e);
        }
    }
}

/// <summary>How a program ended.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error);
