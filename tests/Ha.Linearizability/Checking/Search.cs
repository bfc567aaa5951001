namespace Ha.Linearizability.Checking;

/// <summary>One search for an order of calls. The moments of the history form a list in their order; a call that is put into the order leaves it.
/// A call may come next as long as no answer stands before it in the list.</summary>
internal sealed class Search<TState, TCall>
    where TState : notnull
    where TCall : class
{
    private const int Head = 0;
    private const long StepsBetweenLooksAtTheClock = 1024;
    private const int MostConfigurations = 4_000_000;

    private readonly ISequentialModel<TState, TCall> _model;
    private readonly IReadOnlyList<Operation<TCall>> _operations;
    private readonly int[] _call;
    private readonly int[] _return;
    private readonly int[] _next;
    private readonly int[] _previous;
    private readonly int[] _operationOf;
    private readonly Configurations<TState> _tried;
    private readonly Stack<(int Operation, TState Before)> _order = new();
    private int _unexplained;

    public Search(ISequentialModel<TState, TCall> model, IReadOnlyList<Operation<TCall>> operations)
    {
        (_model, _operations) = (model, operations);
        _tried = new Configurations<TState>(operations.Count);
        (_call, _return) = (new int[operations.Count], new int[operations.Count]);
        var moments = operations.SelectMany((o, i) => o.End is { } end ? new[] { (o.Start.Order, i, true), (end.Order, i, false) } : [(o.Start.Order, i, true)])
            .OrderBy(m => m.Order).ThenByDescending(m => m.Item3).ToList();
        (_next, _previous, _operationOf) = (new int[moments.Count + 2], new int[moments.Count + 2], new int[moments.Count + 2]);
        for (var place = 1; place <= moments.Count; place++)
        {
            var (_, operation, isCall) = moments[place - 1];
            _operationOf[place] = operation;
            (isCall ? _call : _return)[operation] = place;
        }

        for (var place = 0; place <= moments.Count; place++)
            (_next[place], _previous[place + 1]) = (place + 1, place);
        _unexplained = operations.Count(o => o.End is not null);
    }

    /// <summary>How many calls were tried.</summary>
    public long Steps { get; private set; }

    private int End => _next.Length - 1;

    public Verdict Run(TimeProvider time, TimeSpan limit)
    {
        var start = time.GetTimestamp();
        var state = _model.Initial;
        var place = _next[Head];
        while (_unexplained > 0)
        {
            if (++Steps % StepsBetweenLooksAtTheClock == 0 && (time.GetElapsedTime(start) > limit || _tried.Count > MostConfigurations))
                return Verdict.Unknown;
            if (place == End || _call[_operationOf[place]] != place)
            {
                if (_order.Count == 0)
                    return Verdict.Illegal;
                (var undone, state) = _order.Pop();
                PutBack(undone);
                place = _next[_call[undone]];
                continue;
            }

            var operation = _operationOf[place];
            if (_model.TryStep(state, _operations[operation].Call, out var next) && _tried.TryAdd(operation, next))
            {
                _order.Push((operation, state));
                TakeOut(operation);
                state = next;
                place = _next[Head];
            }
            else
            {
                place = _next[place];
            }
        }

        return Verdict.Linearizable;
    }

    private void TakeOut(int operation)
    {
        Unlink(_call[operation]);
        if (_operations[operation].End is null)
            return;
        Unlink(_return[operation]);
        _unexplained--;
    }

    private void PutBack(int operation)
    {
        _tried.Leave(operation);
        if (_operations[operation].End is not null)
        {
            Link(_return[operation]);
            _unexplained++;
        }

        Link(_call[operation]);
    }

    private void Unlink(int place) => (_next[_previous[place]], _previous[_next[place]]) = (_next[place], _previous[place]);

    private void Link(int place) => (_next[_previous[place]], _previous[_next[place]]) = (place, place);
}
