using System.ComponentModel;
using System.Diagnostics;
using Ha.Core.Platform;

namespace Ha.Node.Platform;

/// <summary>Whether the machine goes down, by systemd's queue of jobs. Without systemd, or without an answer: it does not.</summary>
/// <param name="time">Counts the time limit.</param>
internal sealed class SystemdHostStatus(TimeProvider time) : IHostStatus
{
    private const string Systemctl = "/bin/systemctl";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public async Task<HostShutdown> ReadAsync(CancellationToken cancel)
    {
        if (!File.Exists(Systemctl))
            return default;
        using var inTime = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(inTime.Token, cancel);
        Process? process = null;
        try
        {
            process = Process.Start(new ProcessStartInfo(Systemctl, ["--full", "list-jobs"]) { RedirectStandardOutput = true, RedirectStandardError = true });
            if (process is null)
                return default;
            var jobs = await process.StandardOutput.ReadToEndAsync(either.Token);
            await process.WaitForExitAsync(either.Token);
            return process.ExitCode == 0 ? Parse(jobs) : default;
        }
        catch (Exception e) when (e is Win32Exception or IOException or OperationCanceledException)
        {
            if (process is { HasExited: false })
                process.Kill();
            return default;
        }
        finally
        {
            process?.Dispose();
        }
    }

    /// <summary>Reads the table of jobs: number, unit, type, state. A reboot queues both targets; a jump into another kernel comes back too.</summary>
    internal static HostShutdown Parse(string jobs)
    {
        var units = jobs.Split('\n')
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(w => w.Length >= 2 && w[0].All(char.IsAsciiDigit))
            .Select(w => w[1])
            .ToHashSet(StringComparer.Ordinal);
        var reboots = units.Contains("reboot.target") || units.Contains("kexec.target") || units.Contains("soft-reboot.target");
        return new HostShutdown(units.Contains("shutdown.target") || reboots, reboots);
    }
}
