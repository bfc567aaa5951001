using System.ComponentModel;
using System.Diagnostics;
using Ha.Core.Platform;
using Microsoft.Extensions.Logging;

namespace Ha.Node.Platform;

/// <summary>Writes fencing notifications to the log, and runs the configured command for each, beside the rounds.</summary>
/// <param name="command">The command line of <c>/bin/sh</c>, or null; asked for each time, since it can be reloaded.</param>
/// <param name="time">Counts the time limit.</param>
/// <param name="log">The log.</param>
internal sealed class LogNotifier(Func<string?> command, TimeProvider time, ILogger log) : INotifier
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public Task SendAsync(FencingNotification notification, CancellationToken cancel)
    {
        log.Write(NodeLog.Notified(notification.Prefix, notification.FailedNode, notification.Status));
        if (command() is { } line)
            _ = RunAsync(line, notification); // A slow mail server must not hold up fencing. It never throws.
        return Task.CompletedTask;
    }

    private async Task RunAsync(string line, FencingNotification notification)
    {
        try
        {
            var start = new ProcessStartInfo("/bin/sh", ["-c", "exec </dev/null >/dev/null\n" + line]);
            start.Environment["HA_NOTIFY_PREFIX"] = notification.Prefix;
            start.Environment["HA_NOTIFY_STATUS"] = notification.Status;
            start.Environment["HA_NOTIFY_NODE"] = notification.FailedNode.Value;
            start.Environment["HA_NOTIFY_MASTER"] = notification.Stored.MasterNode?.Value ?? "";
            using var process = Process.Start(start);
            using var inTime = new CancellationTokenSource(Limit, time);
            if (process is null)
                return;
            try
            {
                await process.WaitForExitAsync(inTime.Token);
                if (process.ExitCode != 0)
                    log.Write(NodeLog.NotifyFailed($"the command ended with code {process.ExitCode}"));
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                log.Write(NodeLog.NotifyFailed($"the command took longer than {Limit.TotalSeconds:0} s and was killed"));
            }
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException or AggregateException)
        {
            log.Write(NodeLog.NotifyFailed(e.Message));
        }
    }
}
