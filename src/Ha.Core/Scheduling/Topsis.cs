using System.Globalization;

namespace Ha.Core.Scheduling;

/// <summary>One criterion of a comparison.</summary>
/// <param name="Weight">How much it matters, relative to the others; 0 or more.</param>
/// <param name="Maximise">Whether more is better.</param>
public readonly record struct Criterion(double Weight, bool Maximise = false);

/// <summary>Ranks alternatives by several criteria: the best one is near to the best of each criterion and far from the worst (TOPSIS).</summary>
public static class Topsis
{
    /// <summary>Scores alternatives.</summary>
    /// <param name="values">Row by row, one row per alternative, one column per criterion.</param>
    /// <param name="criteria">The criteria.</param>
    /// <param name="error">Why there are no scores; null if there are.</param>
    /// <returns>One score per row, 0 to 1, larger is better, all 0 if all rows are equal; null if a value is not finite or no criterion has a weight.</returns>
    public static double[]? TryScore(ReadOnlySpan<double> values, ReadOnlySpan<Criterion> criteria, out string? error)
    {
        var rows = values.Length / criteria.Length;
        var columns = new Column[criteria.Length];
        if (!TryMakeColumns(values, criteria, columns, out error))
            return null;
        var scores = new double[rows];
        for (var row = 0; row < rows; row++)
        {
            scores[row] = ScoreOf(values.Slice(row * criteria.Length, criteria.Length), columns);
            if (double.IsFinite(scores[row]))
                continue;
            error = $"invalid score {Text(scores[row])}";
            return null;
        }

        return scores;
    }

    private static bool TryMakeColumns(ReadOnlySpan<double> values, ReadOnlySpan<Criterion> criteria, Column[] columns, out string? error)
    {
        var weights = 0.0;
        foreach (var criterion in criteria)
            weights += criterion.Weight;
        error = weights == 0 ? "no criterion has a non-zero weight" : null;
        for (var k = 0; k < columns.Length && error is null; k++)
        {
            var norm = NormOf(values, k, columns.Length);
            var (lowest, highest) = (double.PositiveInfinity, double.NegativeInfinity);
            for (var i = k; i < values.Length && error is null; i += columns.Length)
            {
                var value = values[i] / norm;
                if (!double.IsFinite(value))
                    error = $"criterion {k} got invalid value {Text(value)}";
                (lowest, highest) = (Math.Min(lowest, value), Math.Max(highest, value));
            }

            var (best, worst) = criteria[k].Maximise ? (highest, lowest) : (lowest, highest);
            columns[k] = new Column(norm, criteria[k].Weight / weights, best, worst);
        }

        return error is null;
    }

    // A column of zeros stays as it is.
    private static double NormOf(ReadOnlySpan<double> values, int column, int columns)
    {
        var squares = 0.0;
        for (var i = column; i < values.Length; i += columns)
            squares += values[i] * values[i];
        return squares == 0 ? 1 : Math.Sqrt(squares);
    }

    private static double ScoreOf(ReadOnlySpan<double> row, Column[] columns)
    {
        var (toBest, toWorst) = (0.0, 0.0);
        for (var k = 0; k < columns.Length; k++)
        {
            var value = row[k] / columns[k].Norm;
            var best = (value - columns[k].Best) * columns[k].Weight;
            var worst = (value - columns[k].Worst) * columns[k].Weight;
            toBest += best * best;
            toWorst += worst * worst;
        }

        (toBest, toWorst) = (Math.Sqrt(toBest), Math.Sqrt(toWorst));
        return toBest + toWorst == 0 ? 0 : toWorst / (toWorst + toBest);
    }

    private static string Text(double value) => double.IsNaN(value) ? "NaN" : value.ToString(CultureInfo.InvariantCulture);

    private readonly record struct Column(double Norm, double Weight, double Best, double Worst);
}
