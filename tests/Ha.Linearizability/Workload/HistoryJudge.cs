using Ha.Linearizability.Checking;
using Ha.Linearizability.Models;

namespace Ha.Linearizability.Workload;

/// <summary>Checks all histories of a run for an order that explains them.</summary>
/// <param name="limit">How long the search for one key or lock may take.</param>
public sealed class HistoryJudge(TimeSpan limit)
{
    /// <summary>What was found.</summary>
    /// <param name="Violations">A paragraph for each key or lock whose history no order explains.</param>
    /// <param name="Undecided">Keys and locks whose search was ended by the limit.</param>
    /// <param name="Fenced">How many writes under tokens of the past were refused.</param>
    public sealed record Findings(IReadOnlyList<string> Violations, IReadOnlyList<string> Undecided, int Fenced);

    /// <summary>Checks.</summary>
    public Findings Judge(Recorder recorder)
    {
        ArgumentNullException.ThrowIfNull(recorder);
        var (violations, undecided) = (new List<string>(), new List<string>());
        foreach (var (key, history) in recorder.Keys.OrderBy(k => k.Key))
        {
            var settled = Ambiguity.Settle(history, c => (c as RegisterCall.Write)?.Value, c => (c as RegisterCall.Read)?.Answer?.Value);
            Sort($"key {key}", new RegisterModel(history.Select(o => o.Call)), settled);
        }

        foreach (var (name, history) in recorder.Locks.OrderBy(k => k.Key))
        {
            var settled = Ambiguity.Settle(history, c => (c as GuardedCall.UnderToken)?.Call.Value, c => ((c as GuardedCall.OfKey)?.Call as RegisterCall.Read)?.Answer?.Value);
            Sort($"lock {name}", new GuardedRegisterModel(history.Select(o => o.Call)), settled);
        }

        return new Findings(violations, undecided, recorder.Locks.Values.SelectMany(h => h).Count(o => o.Call is GuardedCall.UnderToken { LockLost: true }));

        void Sort<TState, TCall>(string what, ISequentialModel<TState, TCall> model, IReadOnlyList<Operation<TCall>> history)
            where TState : notnull
            where TCall : class
        {
            var result = new LinearizabilityChecker<TState, TCall>(model, TimeProvider.System, limit).Check(history);
            if (result.Verdict == Verdict.Illegal)
                violations.Add($"{what}: {result}");
            else if (result.Verdict == Verdict.Unknown)
                undecided.Add($"{what}: {history.Count} calls, {history.Count(o => o.End is null)} of them without an answer, {result.Steps} steps");
        }
    }
}
