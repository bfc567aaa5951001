using Ha.Core.Stores;
using Ha.Linearizability.Faults;
using Ha.Linearizability.Rules;

namespace Ha.Linearizability.Workload;

/// <summary>Several clients read, write, lock and watch one store while things go wrong; then everything they saw is checked.</summary>
/// <remarks>Each client needs a store of its own, as another process would open it; all must see the same data. The store must be empty under <c>w</c> and
/// have no locks of these names.</remarks>
/// <param name="clients">Two or more; five are usual.</param>
/// <param name="options">How much and how long.</param>
/// <param name="time">The test's one clock.</param>
public sealed class StoreWorkload(IReadOnlyList<WorkloadClient> clients, WorkloadOptions options, TimeProvider time)
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(200);
    private static readonly StoreKey Prefix = StoreKey.Of("w");

    private readonly Recorder _recorder = new(new HistoryClock(time));
    private readonly IReadOnlyList<StoreKey> _keys = [.. Enumerable.Range(0, options.Keys).Select(i => Prefix.Child($"k{i}"))];
    private readonly IReadOnlyList<(StoreKey Name, StoreKey Key)> _locks =
        [.. Enumerable.Range(0, options.Locks).Select(i => (StoreKey.Of($"w_lock{i}"), Prefix.Child($"g{i}")))];

    /// <summary>Runs, waits until all is quiet, and checks.</summary>
    /// <param name="faults">What goes wrong meanwhile.</param>
    /// <param name="cancel">Ends the run early; what was seen until then is checked.</param>
    public async Task<WorkloadReport> RunAsync(IFaultSchedule faults, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(faults);
        var keyActors = clients.Select(c => new KeyActor(c, _keys, Prefix, _recorder, options, clients.Count)).ToList();
        var lockActors = clients.Select(c => new LockActor(c, _locks, _recorder, options)).ToList();
        var watches = Enumerable.Range(0, options.Watches).Select(i => new WatchActor($"{i + 1}", clients[i % clients.Count], Prefix, _recorder)).ToList();
        using var watching = new CancellationTokenSource();
        using var load = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var watched = watches.Select(w => w.RunAsync(watching.Token)).ToList();
        var loading = keyActors.Select(a => a.RunAsync(load.Token)).Concat(lockActors.Select(a => a.RunAsync(load.Token))).ToList();
        var struck = faults.RunAsync(time, options.Length, load.Token);
        await DelayAsync(options.Length, cancel);
        await load.CancelAsync();
        var records = await struck;
        await Task.WhenAll(loading);
        var length = options.Length;
        await DelayAsync(options.Settling, CancellationToken.None);
        var (final, complaints) = await SettleAsync(keyActors, lockActors, watches);
        await watching.CancelAsync();
        await Task.WhenAll(watched);
        return Check(records, length, [.. watches.Select(w => w.Record)], final, complaints);
    }

    // Everybody reads everything once more: what the last writes did, and that all members agree, is then part of the history.
    private async Task<(KvListing? Final, List<string> Complaints)> SettleAsync(List<KeyActor> keyActors, List<LockActor> lockActors, List<WatchActor> watches)
    {
        var complaints = new List<string>();
        for (var i = 0; i < keyActors.Count; i++)
        {
            foreach (var key in _keys)
            {
                if (!await UntilAsync(() => keyActors[i].ReadAsync(key, CancellationToken.None)))
                    complaints.Add($"client {clients[i].Number} cannot read '{key}' though nothing is wrong any more");
            }

            if (!await UntilAsync(lockActors[i].LookAtAllAsync))
                complaints.Add($"client {clients[i].Number} cannot look at the locks though nothing is wrong any more");
        }

        KvListing? final = null;
        await UntilAsync(async () => (final = await TryListAsync()) is not null);
        if (final is null)
            complaints.Add("nothing can be listed though nothing is wrong any more");
        else
            await UntilAsync(() => Task.FromResult(watches.TrueForAll(w => w.Shows(final)))); // The rule says which did not.
        return (final, complaints);
    }

    private WorkloadReport Check(IReadOnlyList<FaultRecord> faults, TimeSpan length, IReadOnlyList<WatchRecord> watches, KvListing? final, List<string> complaints)
    {
        var verdicts = new HistoryJudge(options.SearchLimit).Judge(_recorder);
        var exclusion = ExclusionRule.Check(_recorder.Tenures.Where(t => t.Confirmations.Count > 0));
        var rule = new WatchRule(_recorder.Commits, _recorder.PerhapsDeleted);
        var violations = complaints.Concat(verdicts.Violations).Concat(exclusion.Violations)
            .Concat(final is null ? [] : watches.SelectMany(w => rule.Check(w, final)))
            .Concat(faults.Where(f => f.Evidence is null).Select(f => $"the fault '{f.Name}' at {f.From.TotalSeconds:0.0} s had no effect: the run proves nothing about it"))
            .ToList();
        if (_recorder.Answered < options.LeastAnswersPerSecond * length.TotalSeconds)
            violations.Add($"only {_recorder.Answered} calls were answered in {length.TotalSeconds:0} s: at least {options.LeastAnswersPerSecond} a second are needed to prove anything");
        return new WorkloadReport
        {
            Seed = options.Seed,
            Length = length,
            Answered = _recorder.Answered,
            Unanswered = _recorder.Unanswered,
            Failed = _recorder.Failed,
            Tenures = _recorder.Tenures.Count(t => t.Confirmations.Count > 0),
            Fenced = verdicts.Fenced,
            WatchItems = watches.Sum(w => w.Items.Count),
            Overlap = exclusion.Overlap,
            Faults = faults,
            Violations = violations,
            Undecided = verdicts.Undecided,
        };
    }

    private async Task<KvListing?> TryListAsync()
    {
        try
        {
            return await clients[0].Store.ListAsync(Prefix, ReadLevel.Linearizable, CancellationToken.None);
        }
        catch (StoreException)
        {
            return null;
        }
    }

    private async Task<bool> UntilAsync(Func<Task<bool>> attempt)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            if (await attempt())
                return true;
            if (time.GetElapsedTime(start) > options.Patience)
                return false;
            await Task.Delay(BetweenTries, time, CancellationToken.None);
        }
    }

    private async Task DelayAsync(TimeSpan span, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(span, time, cancel);
        }
        catch (OperationCanceledException)
        {
            // Ended early.
        }
    }
}
