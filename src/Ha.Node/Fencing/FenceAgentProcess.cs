using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using Ha.Core.Platform;
using Microsoft.Extensions.Logging;

namespace Ha.Node.Fencing;

/// <summary>A running fence agent.</summary>
internal sealed class FenceAgentProcess : IFenceProcess
{
    private const int Killed = 9;
    private const int SignalBase = 128;
    private const int HighestSignal = 64;

    // What it started may keep its output open; nobody waits for that.
    private static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(1);

    private readonly string _agent;
    private readonly Process _process;
    private readonly ImmutableArray<string> _secrets;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private volatile object? _waitStatus;

    /// <summary>Follows a process that has just been started.</summary>
    /// <param name="agent">What the log calls it.</param>
    /// <param name="process">The process, its output redirected.</param>
    /// <param name="secrets">What its output may not show.</param>
    /// <param name="limit">When it is killed.</param>
    /// <param name="time">Counts the limit.</param>
    /// <param name="log">Receives its output.</param>
    public FenceAgentProcess(string agent, Process process, ImmutableArray<string> secrets, TimeSpan limit, TimeProvider time, ILogger log)
    {
        (_agent, _process, _secrets, _time, _log) = (agent, process, secrets, time, log);
        Completion = FollowAsync(limit);
    }

    /// <summary>Ends when the process has ended and its output is logged.</summary>
    public Task Completion { get; }

    /// <inheritdoc/>
    public int? WaitStatus => (int?)_waitStatus;

    /// <inheritdoc/>
    /// <remarks>At once: a daemon that leaves must not leave it behind.</remarks>
    public void Kill() => KillTree();

    private async Task FollowAsync(TimeSpan limit)
    {
        var (lines, errors) = (new OutputTail(), new OutputTail());
        var reading = Task.WhenAll(lines.ReadAsync(_process.StandardOutput), errors.ReadAsync(_process.StandardError));
        using var late = new CancellationTokenSource(limit, _time);
        int status;
        try
        {
            await _process.WaitForExitAsync(late.Token);
            status = StatusOf(_process.ExitCode);
        }
        catch (OperationCanceledException)
        {
            KillTree();
            _log.Write(NodeLog.FenceAgentTooSlow(_agent, limit));
            status = Killed;
        }

        await Task.WhenAny(reading, Task.Delay(OutputGrace, _time));
        foreach (var line in lines.Lines.Concat(errors.Lines))
            _log.Write(NodeLog.FenceAgentOutput(_agent, AgentSecrets.Hide(line, _secrets)));
        _waitStatus = status;
        // Not before its readers have ended: they would fail.
        _ = reading.ContinueWith(_ => _process.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    // The framework reports the end by a signal as 128 and its number, as shells do.
    private static int StatusOf(int exitCode) => exitCode is > SignalBase and <= SignalBase + HighestSignal ? exitCode - SignalBase : exitCode << 8;

    private void KillTree()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has just ended, or a descendant of it has.
        }
    }
}
