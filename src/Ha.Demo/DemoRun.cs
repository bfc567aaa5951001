using Ha.Core.Stores;
using Ha.Demo.Screen;
using Ha.Demo.Story;
using Ha.LocalCluster;
using Ha.LocalCluster.Journals;
using Ha.LocalCluster.Measuring;
using Ha.LocalCluster.Observing;
using Ha.LocalCluster.Processes;

namespace Ha.Demo;

/// <summary>Carries the story out: looks, asks the story what is next, does it. Decides nothing.</summary>
/// <param name="nodes">The nodes.</param>
/// <param name="client">The view of the cluster.</param>
/// <param name="screen">Where people look on.</param>
/// <param name="time">Counts since boot.</param>
/// <param name="measure">Measures the idle daemons before the first fault; null: it is not done.</param>
internal sealed class DemoRun(LocalNodes nodes, ClusterClient client, IScreen screen, TimeProvider time, FootprintMeter? measure)
{
    /// <summary>How long the story may take from the first node's start.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(85);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private TimeSpan _began;
    private Observation? _before;
    private Task<IReadOnlyList<Footprint>>? _measuring;
    private StoryProgress _progress = StoryProgress.Begin;

    /// <summary>What was measured; empty if nothing was.</summary>
    public IReadOnlyList<Footprint> Footprints { get; private set; } = [];

    /// <summary>Since the first node's start.</summary>
    public TimeSpan Elapsed => Now - _began;

    /// <summary>Runs the story to its end.</summary>
    /// <returns>The failovers.</returns>
    /// <exception cref="LocalClusterException">It did not come to its end in time.</exception>
    /// <exception cref="FormatException">A journal is damaged.</exception>
    public async Task<IReadOnlyList<Failover>> RunAsync(CancellationToken cancel)
    {
        _began = Now;
        foreach (var node in nodes.All.Values)
            node.Start();
        screen.Say(Elapsed, $"starting {string.Join(", ", nodes.All.Keys)}: watchdog-mux, CRM and LRM each");
        var limit = Limit + (measure is null ? TimeSpan.Zero : FootprintMeter.Interval);
        while (_progress.Chapter != Chapter.End)
        {
            if (Elapsed > limit)
                throw new LocalClusterException($"time-out: the story is still at '{_progress.Chapter}' after {limit.TotalSeconds:0} s");
            if (await LookAsync(cancel) is { } seen && StoryMachine.Next(_progress, seen) is { } act)
                await DoAsync(act, cancel);
            await Task.Delay(Poll, time, cancel);
        }

        return _progress.Failovers;
    }

    private TimeSpan Now => time.GetElapsedTime(0);

    private async Task<Observation?> LookAsync(CancellationToken cancel)
    {
        Observation seen;
        try
        {
            seen = await client.LookAsync(cancel);
        }
        catch (StoreException e) when (e.Error is StoreError.Unavailable)
        {
            return null; // The next look may succeed; the story has its own time-out.
        }

        foreach (var change in Changes.Between(_before ?? new Observation { At = seen.At }, seen))
            screen.Say(seen.At - _began, change);
        foreach (var (name, _) in seen.Nodes.Where(n => !n.Value.HasPower))
            nodes.All[name].Forget();
        _before = seen;
        _progress = _progress.With(seen);
        screen.Show(Elapsed, seen);
        Check(seen);
        return seen;
    }

    private void Check(Observation seen)
    {
        var victim = _progress.Failovers is [.., { Fault.Node: var node }] ? node : null;
        if (seen.Nodes.FirstOrDefault(n => !n.Value.HasPower && n.Key != victim) is { Value: not null } lost)
            throw new LocalClusterException($"{lost.Key} has ended though nobody touched it; the end of its log tells whether its watchdog reset it (a machine this busy?) or its daemons failed");
        var overlaps = seen.Runs.Values.SelectMany(Overlap.Find).ToList();
        if (overlaps.Count > 0)
            throw new LocalClusterException(string.Join('\n', overlaps));
    }

    private async Task DoAsync(StoryAct act, CancellationToken cancel)
    {
        if (act is StoryAct.Freeze && measure is not null && !await IsMeasuredAsync(measure, cancel))
            return;
        var at = Now;
        switch (act)
        {
            case StoryAct.AddServices:
                screen.Say(Elapsed, $"all nodes are online: adding {Services.All.Count} services, two for each node");
                await AddServicesAsync(cancel);
                break;
            case StoryAct.Freeze freeze:
                nodes.All[freeze.Fault.Node].Freeze();
                screen.Say(Elapsed, $"FAULT: the daemons of {freeze.Fault.Node}, the master, are frozen; its services run on");
                break;
            case StoryAct.Restart restart:
                nodes.All[restart.Node].Start();
                screen.Say(Elapsed, $"{restart.Node} starts again");
                break;
            case StoryAct.Kill kill:
                nodes.All[kill.Fault.Node].Kill();
                screen.Say(Elapsed, $"FAULT: {kill.Fault.Node} is killed with all its processes");
                break;
        }

        _progress = _progress.After(act, at);
    }

    private async Task<bool> IsMeasuredAsync(FootprintMeter meter, CancellationToken cancel)
    {
        if (_measuring is null)
            screen.Say(Elapsed, $"measuring the idle daemons for {FootprintMeter.Interval.TotalSeconds:0} s");
        _measuring ??= meter.MeasureAsync(nodes, cancel);
        if (!_measuring.IsCompleted)
            return false;
        Footprints = await _measuring;
        return true;
    }

    private async Task AddServicesAsync(CancellationToken cancel)
    {
        for (var i = 0; i < Services.All.Count; i++)
            await client.AddAsync(Services.All[i], nodes.All.Keys[i % nodes.All.Count], cancel);
    }
}
