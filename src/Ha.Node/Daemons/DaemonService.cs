using Ha.Core.Platform;
using Ha.Core.Stores;
using Ha.Hosting;
using Ha.Hosting.Membership;
using Ha.Hosting.Settings;
using Ha.Node.Logging;
using Ha.Node.Loop;
using Ha.Node.Platform;
using Ha.Node.Wake;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ha.Node.Daemons;

/// <summary>One daemon as a hosted service: starts it, runs its loop, ends the process when it has left.</summary>
/// <param name="request">What the command line asked for.</param>
/// <param name="factories">The stores there are.</param>
/// <param name="stores">Opens one of them.</param>
/// <param name="context">Clocks.</param>
/// <param name="output">Where log lines go.</param>
/// <param name="lifetime">The process's life.</param>
internal sealed class DaemonService(
    DaemonRequest request,
    IEnumerable<IStoreFactory> factories,
    StoreRegistry stores,
    StoreContext context,
    LineWriter output,
    IHostApplicationLifetime lifetime) : BackgroundService
{
    private static readonly TimeSpan OutputCheck = TimeSpan.FromMinutes(1);

    /// <summary>What the process ends with.</summary>
    public int ExitCode { get; private set; } = ExitCodes.Clean;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await StartedAsync(lifetime);
        try
        {
            var answer = Read();
            var settings = answer.Settings ?? throw new StartRefusal(ExitCodes.BadConfiguration, answer.Mistakes);
            await RunAsync(settings, stoppingToken);
        }
        catch (StartRefusal e)
        {
            ExitCode = e.ExitCode;
            foreach (var line in e.Lines)
                await Console.Error.WriteLineAsync($"ha-node {request.Kind.Word()}: {line}");
        }
        catch (OperationCanceledException)
        {
            // Asked to leave before the first round.
        }
        catch (Exception e)
        {
            ExitCode = ExitCodes.Failure;
            await Console.Error.WriteLineAsync($"ha-node {request.Kind.Word()}: {e}");
        }
        finally
        {
            lifetime.StopApplication();
        }
    }

    private SettingsAnswer Read() => SettingsReader.Read(request.Sources, StoreSelection.SchemesOf(factories));

    private async Task RunAsync(NodeSettings settings, CancellationToken cancel)
    {
        var log = new RepeatFilter(new LineLogger($"{settings.Node}/{request.Kind.Word()}", output, context.Time, LineLogger.IsJournal), context.Time);
        var reloading = new Reloading(settings, Read, log);
        using var asked = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var signals = new Signals(asked.Cancel, reloading.Reload, log);
        var start = new DaemonStart(request.Kind, settings, context, log);
        using var only = start.TakeProcessLock();
        await using var store = await start.OpenStoreAsync(stores, asked.Token);
        log.Write(NodeLog.Starting(request.Version, $"{store.Descriptor.Kind} {store.Descriptor.Location}, profile {settings.Profile.Name}"));
        foreach (var warning in StoreFit.Warnings(settings.Profile, store.Descriptor))
            log.Write(NodeLog.StoreWarning(warning));
        await start.ClaimNodeAsync(store, asked.Token);
        await using var presence = start.Presence(store);
        if (presence is not null)
            await presence.StartAsync(asked.Token);

        var parts = new DaemonParts(settings, store, context, () => reloading.Now.NotifyCommand, log);
        var wake = new WakeSignal(context.Time);
        var rounds = parts.Rounds(request.Kind, wake);
        var loop = new DaemonLoop(rounds, wake, parts.Pace, context.Time, log) { RoundEnded = presence is null ? static () => { } : presence.Progress };
        await using var leaves = asked.Token.Register(loop.RequestShutdown);
        await using var cuts = context.Time.CreateTimer(_ => parts.Shell.CutOutputs(), null, OutputCheck, OutputCheck);
        var watcher = new StoreWatcher(
            store, new WakeRules(request.Kind, !settings.Profile.WokenByChanges), rounds, wake, settings.Profile.WaitingRound, context.Time, log);
        var beside = new List<Func<CancellationToken, Task>> { watcher.RunAsync };
        if (request.Kind == DaemonKind.Lrm)
            beside.Add(parts.Publisher().RunAsync);
        await RunLoopAsync(loop, beside, presence, log, cancel);
    }

    private async Task RunLoopAsync(
        DaemonLoop loop, IReadOnlyList<Func<CancellationToken, Task>> beside, PresenceKeeper? presence, ILogger log, CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var works = beside.Select(work => work(end.Token)).ToList();
        SystemdNotify.Send(SystemdNotify.Ready);
        try
        {
            await await Task.WhenAny([loop.RunAsync(cancel), FailureOf(presence?.Completion ?? Task.CompletedTask, end.Token), .. works.Select(w => FailureOf(w, end.Token))]);
            log.Write(NodeLog.Stopped());
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            Die(e, log);
        }

        await end.CancelAsync();
        await Task.WhenAll(works);
    }

    // What helps the loop ends with it, or never began (no watch is needed where only timers count): only its failure is an end.
    private static async Task FailureOf(Task work, CancellationToken end)
    {
        await work;
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, end);
    }

    // At once, with all that runs beside the loop, and before the process lock is given back. The connection to the watchdog breaks without
    // a clean close, which resets the node if anything was still running.
    private void Die(Exception e, ILogger log)
    {
        log.Write(NodeLog.InvariantBroken(e));
        log.Write(NodeLog.StackTrace(e.ToString()));
        output.Dispose();
        Environment.Exit(ExitCodes.Failure);
    }

    // A host that is stopped while it starts reports a cancelled start instead of our exit code.
    private static Task StartedAsync(IHostApplicationLifetime lifetime)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lifetime.ApplicationStarted.Register(started.SetResult);
        return started.Task;
    }
}

/// <summary>What the command line asked for.</summary>
/// <param name="Kind">Which daemon.</param>
/// <param name="Sources">Where its settings are.</param>
/// <param name="Version">The program's version.</param>
internal sealed record DaemonRequest(DaemonKind Kind, SettingsSources Sources, string Version);
