namespace Ha.Linearizability.Checking;

/// <summary>Decides whether one copy of the data could have given all answers of a history (Wing and Gong's search, with Lowe's memory of what was tried).</summary>
/// <remarks>Data that are independent of each other, such as the keys of a store, are to be checked one by one: the whole is linearizable exactly if each is,
/// and the search grows steeply with the number of concurrent calls. Calls without an answer cost most: keep them below about ten a key.</remarks>
/// <param name="model">How one copy of the data answers.</param>
/// <param name="time">Counts the limit.</param>
/// <param name="limit">How long a search may take; the verdict is unknown then. Sixty seconds if not set.</param>
public sealed class LinearizabilityChecker<TState, TCall>(ISequentialModel<TState, TCall> model, TimeProvider time, TimeSpan? limit = null)
    where TState : notnull
    where TCall : class
{
    private readonly TimeSpan _limit = limit ?? TimeSpan.FromSeconds(60);

    /// <summary>Checks a history, and makes an illegal one small.</summary>
    /// <param name="history">The calls, in any order.</param>
    public CheckResult<TCall> Check(IReadOnlyList<Operation<TCall>> history)
    {
        ArgumentNullException.ThrowIfNull(history);
        var search = new Search<TState, TCall>(model, Telling(history));
        var verdict = search.Run(time, _limit);
        var start = time.GetTimestamp();

        // Past the limit nothing more is found illegal, so the history stays as small as it is by then.
        var minimizer = new Minimizer<TState, TCall>(model, h => time.GetElapsedTime(start) < _limit && Judge(h) == Verdict.Illegal);
        var smallest = verdict == Verdict.Illegal ? minimizer.Minimize(Telling(history)) : [];
        return new CheckResult<TCall>(verdict, search.Steps, smallest);
    }

    // Making it small is a help for readers: no single try may take long.
    private Verdict Judge(IReadOnlyList<Operation<TCall>> history) => new Search<TState, TCall>(model, history).Run(time, _limit / 20);

    // A read without an answer tells nothing; a write without one is as if it were told so.
    private List<Operation<TCall>> Telling(IReadOnlyList<Operation<TCall>> history)
    {
        var told = new List<Operation<TCall>>(history.Count);
        foreach (var operation in history)
        {
            if (operation.End is not null)
                told.Add(operation);
            else if (model.Forget(operation.Call) is { } unknown)
                told.Add(operation with { Call = unknown });
        }

        return told;
    }
}
