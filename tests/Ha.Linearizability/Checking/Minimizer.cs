namespace Ha.Linearizability.Checking;

/// <summary>Makes an illegal history small: the shortest prefix that is illegal, then without each call that can be left out, and with as little said of each
/// other as is illegal still.</summary>
/// <param name="model">Tells which call may be left out.</param>
/// <param name="isIllegal">Judges a part of the history.</param>
internal sealed class Minimizer<TState, TCall>(ISequentialModel<TState, TCall> model, Func<IReadOnlyList<Operation<TCall>>, bool> isIllegal)
    where TState : notnull
    where TCall : class
{
    public IReadOnlyList<Operation<TCall>> Minimize(IReadOnlyList<Operation<TCall>> history)
    {
        var part = ShortestPrefix(history);
        for (var size = Math.Max(1, part.Count / 2); ; size /= 2)
        {
            var before = part.Count;
            part = LeaveOut(part, size);
            if (size == 1)
                part = SayLess(part);
            if (size == 1 && part.Count == before)
                return part;
            size = Math.Max(size, 2);
        }
    }

    // What is linearizable stays so when it is cut off earlier, so the shortest illegal prefix can be found by halving.
    private IReadOnlyList<Operation<TCall>> ShortestPrefix(IReadOnlyList<Operation<TCall>> history)
    {
        var ends = history.Where(o => o.End is not null).Select(o => o.End!.Value.Order).Order().ToList();
        var (low, high) = (0, ends.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (isIllegal(Until(history, ends[middle])))
                high = middle;
            else
                low = middle + 1;
        }

        var prefix = Until(history, ends[high]);
        return isIllegal(prefix) ? prefix : history;
    }

    private List<Operation<TCall>> Until(IReadOnlyList<Operation<TCall>> history, long order)
    {
        var prefix = new List<Operation<TCall>>();
        foreach (var operation in history.Where(o => o.Start.Order <= order))
        {
            if (operation.End is { } end && end.Order <= order)
                prefix.Add(operation);
            else if (model.Forget(operation.Call) is { } unknown)
                prefix.Add(operation with { End = null, Call = unknown });
        }

        return prefix;
    }

    // Something else was written for certain after the one had ended and before the other began; and the reader rests on that as well, so that it stays.
    private bool IsHidden(Operation<TCall> writer, Operation<TCall> reader, List<Operation<TCall>> rest) => writer.End is { } written
        && rest.Exists(o => o.Start.Order > written.Order && o.End is { } end && end.Order < reader.Start.Order
            && model.Hides(o.Call, writer.Call) && model.RestsOn(reader.Call, o.Call));

    private IReadOnlyList<Operation<TCall>> SayLess(IReadOnlyList<Operation<TCall>> history)
    {
        for (var i = 0; i < history.Count; i++)
        {
            if (model.Relax(history[i].Call) is not { } less)
                continue;
            Operation<TCall>[] relaxed = [.. history];
            relaxed[i] = relaxed[i] with { Call = less };
            if (isIllegal(relaxed))
                history = relaxed;
        }

        return history;
    }

    private IReadOnlyList<Operation<TCall>> LeaveOut(IReadOnlyList<Operation<TCall>> history, int size)
    {
        // From the back: the last calls of an illegal prefix are the ones that rest on the others.
        for (var from = Math.Max(0, history.Count - size); ; from = Math.Max(0, from - size))
        {
            var rest = history.Where((_, i) => i < from || i >= from + size).ToList();
            var left = history.Skip(from).Take(size);
            if (rest.Count < history.Count && left.All(l => rest.TrueForAll(r => !model.RestsOn(r.Call, l.Call) || IsHidden(l, r, rest))) && isIllegal(rest))
                history = rest;
            if (from == 0)
                return history;
        }
    }
}
