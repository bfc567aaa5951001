namespace Ha.Core.Scheduling;

/// <summary>Bounds for the imbalance after two nodes' loads change, in constant time, so that most candidates need no exact evaluation.</summary>
/// <remarks>Bounded is the mean of the squared loads divided by the square of their mean, which grows with the imbalance. The bounds are wide
/// enough for the rounding of both ways of computing.</remarks>
internal readonly struct ImbalanceBounds
{
    private const double UnitRoundoff = 1.2e-16;
    private readonly int _count;
    private readonly double _sum;
    private readonly double _squares;
    private readonly double _roundoff;

    public ImbalanceBounds(ReadOnlySpan<double> loads)
    {
        _count = loads.Length;
        _roundoff = 32 * UnitRoundoff * (loads.Length + 8);
        foreach (var load in loads)
        {
            _sum += load;
            _squares += load * load;
        }
    }

    /// <summary>Bounds if two nodes have new loads.</summary>
    /// <returns>Both infinitely far apart where nothing can be said.</returns>
    public (double Lower, double Upper) After((double Before, double After) source, (double Before, double After) target)
    {
        var added = source.After + target.After;
        var addedSquares = (source.After * source.After) + (target.After * target.After);
        var sum = _sum - source.Before - target.Before + added;
        var squares = _squares - (source.Before * source.Before) - (target.Before * target.Before) + addedSquares;
        var ratio = _count * squares / (sum * sum);
        // What the sums can be wrong by, relative to what is left of them.
        var error = _roundoff * (((_squares + addedSquares) / squares) + (2 * (_sum + added) / sum));
        return error is >= 0 and < 0.5 && double.IsFinite(ratio) ? (ratio * (1 - error), ratio * (1 + error)) : (double.NegativeInfinity, double.PositiveInfinity);
    }
}
