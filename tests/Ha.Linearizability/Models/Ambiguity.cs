using Ha.Linearizability.Checking;

namespace Ha.Linearizability.Models;

/// <summary>Settles writes without an answer whose value was read: it must have been written before that read ended. The search has so much less to try.
/// Right only where no two writes write the same value.</summary>
public static class Ambiguity
{
    /// <summary>The history with each such write ended by the first read that saw it.</summary>
    /// <param name="history">The calls.</param>
    /// <param name="written">The value a call writes; null: none, or a deletion.</param>
    /// <param name="read">The value a call has seen; null: none.</param>
    public static IReadOnlyList<Operation<TCall>> Settle<TCall>(
        IReadOnlyList<Operation<TCall>> history, Func<TCall, string?> written, Func<TCall, string?> read)
    {
        ArgumentNullException.ThrowIfNull(history);
        var seen = new Dictionary<string, Moment>(StringComparer.Ordinal);
        foreach (var operation in history)
        {
            if (operation.End is { } end && read(operation.Call) is { } value && (!seen.TryGetValue(value, out var first) || end.Order < first.Order))
                seen[value] = end;
        }

        return [.. history.Select(o => o.End is null && written(o.Call) is { } value && seen.TryGetValue(value, out var end) ? o with { End = end } : o)];
    }
}
