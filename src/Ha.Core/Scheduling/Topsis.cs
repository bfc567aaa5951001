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
        for (var k = 0; k < columns.Length && values.Length > 0 && error is null; k++)
        {
            columns[k] = Column.Of(values, k, criteria, criteria[k].Weight / weights);
            // Values that are not finite make these so, too.
            var sum = columns[k].Best + columns[k].Worst;
            if (!double.IsFinite(sum))
                error = $"criterion {k} got invalid value {Text(sum)}";
        }

        return error is null;
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

    private readonly record struct Column(double Norm, double Weight, double Best, double Worst)
    {
        public static Column Of(ReadOnlySpan<double> values, int index, ReadOnlySpan<Criterion> criteria, double weight)
        {
            var (squares, lowest, highest) = (0.0, values[index], values[index]);
            for (var i = index; i < values.Length; i += criteria.Length)
            {
                var value = values[i];
                squares += value * value;
                if (value < lowest)
                    lowest = value;
                else if (value > highest)
                    highest = value;
            }

            // A column of zeros stays as it is. Dividing keeps the order, so the ends can be divided instead of everything.
            var norm = squares == 0 ? 1 : Math.Sqrt(squares);
            (lowest, highest) = (lowest / norm, highest / norm);
            return criteria[index].Maximise ? new(norm, weight, highest, lowest) : new(norm, weight, lowest, highest);
        }
    }
}
