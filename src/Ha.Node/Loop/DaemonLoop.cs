using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;
using Microsoft.Extensions.Logging;

namespace Ha.Node.Loop;

/// <summary>Calls a daemon's rounds, one after the other, until it has left.</summary>
/// <remarks>A failure of the outside world costs one round: it is logged once, until it changes or a round succeeds. A broken invariant ends
/// the loop with its exception; the watchdog is then not closed and resets the node. Nothing here feeds the watchdog.</remarks>
/// <param name="daemon">The daemon.</param>
/// <param name="wake">Wakes it before its timer.</param>
/// <param name="pace">Its rhythm.</param>
/// <param name="time">Counts.</param>
/// <param name="log">What happens.</param>
public sealed class DaemonLoop(IDaemonRounds daemon, WakeSignal wake, LoopPace pace, TimeProvider time, ILogger log)
{
    private readonly RoundSpacing _spacing = new(pace.Spacing, pace.AfterFailure);
    private volatile bool _shutdownRequested;
    private string? _failure;

    /// <summary>Called after each round, also after one that failed: the loop is alive.</summary>
    public Action RoundEnded { get; init; } = static () => { };

    /// <summary>Asks the daemon to leave before its next round. May be called from any thread; repeating it changes nothing.</summary>
    public void RequestShutdown()
    {
        _shutdownRequested = true;
        wake.Wake();
    }

    /// <summary>Runs rounds until the daemon has left.</summary>
    /// <param name="cancel">Ends the loop at once, without the daemon leaving.</param>
    public async Task RunAsync(CancellationToken cancel)
    {
        var told = false;
        while (true)
        {
            wake.Reset();
            if (_shutdownRequested && !told)
                told = await GuardAsync(() => daemon.RequestShutdownAsync(cancel), cancel);
            var outcome = await RunRoundAsync(cancel);
            RoundEnded();
            if (outcome.Exit)
                return;
            _spacing.Waited(await wake.WaitAsync(outcome.NextWithin, _spacing.Next, cancel));
        }
    }

    private async Task<RoundOutcome> RunRoundAsync(CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        var outcome = new RoundOutcome(false, pace.AfterFailure);
        if (await GuardAsync(async () => outcome = await daemon.RunRoundAsync(cancel), cancel))
            _failure = null;
        var took = time.GetElapsedTime(started);
        if (took > pace.LongRound)
            log.Write(NodeLog.LongRound(took));
        return outcome;
    }

    // Only failures of the outside world are survived; anything else is a bug, and going on with wrong state is worse than being fenced.
    private async Task<bool> GuardAsync(Func<Task> step, CancellationToken cancel)
    {
        try
        {
            await step();
            return true;
        }
        catch (Exception e) when (IsOutside(e) && !cancel.IsCancellationRequested)
        {
            if (_failure != e.Message)
                log.Write(NodeLog.RoundFailed(e.Message));
            _failure = e.Message;
            return false;
        }
    }

    private static bool IsOutside(Exception e) =>
        e is StoreException or PlatformException or DocumentException or IOException or TimeoutException or OperationCanceledException;
}

/// <summary>The rhythm of a loop.</summary>
/// <param name="Spacing">The shortest time from the end of a round to the start of the next.</param>
/// <param name="AfterFailure">How long after a failed round the next one begins; also the widest spacing of woken rounds.</param>
/// <param name="LongRound">How long a round may take before the log says so.</param>
public sealed record LoopPace(TimeSpan Spacing, TimeSpan AfterFailure, TimeSpan LongRound);
