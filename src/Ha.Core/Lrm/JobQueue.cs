using System.Collections.Immutable;
using Ha.Core.Model;
using Ha.Core.Platform;

namespace Ha.Core.Lrm;

/// <summary>The jobs of one LRM: at most one per service, at most so many at once, each beside the rounds (or, without workers, within them).</summary>
/// <param name="platform">The surroundings.</param>
internal sealed class JobQueue(LrmPlatform platform)
{
    private const int UsualWorkers = 4;

    private readonly AgentRunner _runner = new(platform);
    private readonly RestartPolicy _restarts = new(platform.Log);
    private readonly SortedList<ResourceId, Entry> _jobs = [];
    private ManagerStatus _status = ManagerStatus.Empty;

    /// <summary>Called, on any thread, when a job that runs beside the rounds has ended.</summary>
    public Action? OnJobEnded { get; set; }

    /// <summary>Results of orders that are still current, by uid; published in the LRM's status.</summary>
    public ImmutableSortedDictionary<string, JobResult> Results { get; private set; } = LrmStatus.NoResults;

    /// <summary>How many stops of the node's own shutdown have failed.</summary>
    public int FailedShutdownStops { get; private set; }

    /// <summary>Queues what the manager status asks of this node.</summary>
    public void QueueAssignments(ManagerStatus status)
    {
        _status = status;
        _restarts.KeepOnly(status);
        foreach (var job in Assignments.JobsOf(status, platform.Self))
            Queue(job);
    }

    /// <summary>Queues a stop of every service on this node, for the node's own shutdown.</summary>
    public void QueueShutdownStops(ManagerStatus status)
    {
        foreach (var (id, record) in status.Services)
        {
            if (record.Node == platform.Self)
                Queue(new Job(id, null, ServiceState.RequestStop));
        }
    }

    /// <summary>Collects what has ended and starts what waits.</summary>
    /// <param name="status">The manager status, as last read.</param>
    /// <param name="mayStart">Asked before each job that is not harmless: whether the agent lock is certainly held.</param>
    /// <param name="cancel">Ends the round; work beside the rounds goes on.</param>
    /// <returns>How many jobs are left, running or waiting.</returns>
    /// <exception cref="PlatformException">The configuration cannot be read.</exception>
    public async Task<int> RunAsync(ManagerStatus status, Func<bool> mayStart, CancellationToken cancel)
    {
        _status = status;
        var resources = await platform.Resources.ReadAsync(cancel);
        Collect(resources);
        var running = _jobs.Values.Count(e => e.Work is not null);
        var waiting = _jobs.Values.Where(e => e.Work is null).OrderByDescending(e => e.Tries).ThenBy(e => e.Job.Service).ToList();
        var workers = waiting.Count == 0 ? 0 : await CountWorkersAsync(cancel);
        foreach (var entry in waiting)
        {
            entry.Tries++;
            if (!entry.Job.IsHarmless && !mayStart())
                continue;
            if (workers == 0)
            {
                var code = await _runner.RunAsync(entry.Job, resources.Find(entry.Job.Service), cancel);
                await CompleteAsync(entry, code, cancel);
            }
            else if (running < workers)
            {
                running++;
                Start(entry, resources.Find(entry.Job.Service));
            }
        }

        return _jobs.Count;
    }

    private async Task<int> CountWorkersAsync(CancellationToken cancel) =>
        platform.MaxWorkers ?? (await platform.Settings.ReadAsync(cancel)).MaxWorkers ?? UsualWorkers;

    private void Queue(Job job)
    {
        // An order is carried out once; only a stopped service is looked after in every round.
        if (job.Command != ServiceState.Stopped && job.Uid is { } uid && Results.ContainsKey(uid))
            return;
        if (!_jobs.TryGetValue(job.Service, out var entry))
            _jobs[job.Service] = new Entry(job);
        else if (entry.Work is not null)
            entry.Next = job.Uid is null ? job : entry.Next; // A stop of the node's shutdown waits for the work in flight.
        else if (entry.Job != job)
            _jobs[job.Service] = new Entry(job);
    }

    private void Start(Entry entry, ResourceSettings? settings)
    {
        entry.Work = _runner.RunAsync(entry.Job, settings, CancellationToken.None);
        _ = entry.Work.ContinueWith(_ => OnJobEnded?.Invoke(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private void Collect(ResourceSnapshot resources)
    {
        foreach (var entry in _jobs.Values.Where(e => e.Work is { IsCompleted: true }).ToList())
        {
            // A broken invariant in a job ends the process, like one in a round.
            Complete(entry, entry.Work!.GetAwaiter().GetResult(), resources);
        }
    }

    private async Task CompleteAsync(Entry entry, ExitCode code, CancellationToken cancel) =>
        Complete(entry, code, await platform.Resources.ReadAsync(cancel));

    private void Complete(Entry entry, ExitCode code, ResourceSnapshot resources)
    {
        var job = entry.Job;
        _jobs.Remove(job.Service);
        if (entry.Next is { } next)
            _jobs[job.Service] = new Entry(next);
        if (job.Uid is not { } uid)
        {
            FailedShutdownStops += code == ExitCode.Success ? 0 : 1;
            return;
        }

        var judged = _restarts.Judge(job, code, resources.Find(job.Service)?.MaxRestart ?? 0);
        if (judged == ExitCode.TryAgain)
            return;
        var current = _status.Services.Values.Select(s => s.Uid).ToHashSet(StringComparer.Ordinal);
        Results = Results.SetItem(uid, new JobResult(job.Service, job.Command.Word(), (int)judged)).Where(r => current.Contains(r.Key))
            .ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    private sealed class Entry(Job job)
    {
        public Job Job { get; } = job;

        public int Tries { get; set; }

        public Task<ExitCode>? Work { get; set; }

        public Job? Next { get; set; }
    }
}
