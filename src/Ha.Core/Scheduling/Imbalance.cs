namespace Ha.Core.Scheduling;

/// <summary>How unevenly load is spread: standard deviation divided by mean, 0 (even) to the square root of the number of nodes less one.</summary>
/// <remarks>Sums run in the order of the nodes, so that the same cluster gives the same number, to the last bit, everywhere.</remarks>
public static class Imbalance
{
    /// <summary>The imbalance of nodes.</summary>
    public static double Of(ReadOnlySpan<NodeLoad> nodes)
    {
        Span<double> loads = nodes.Length <= 128 ? stackalloc double[nodes.Length] : new double[nodes.Length];
        for (var i = 0; i < nodes.Length; i++)
            loads[i] = nodes[i].Load;
        return Of(loads);
    }

    /// <summary>The imbalance of loads; 0 where it is not a number.</summary>
    public static double Of(ReadOnlySpan<double> loads)
    {
        var sum = 0.0;
        foreach (var load in loads)
            sum += load;
        if (sum == 0)
            return 0;
        var mean = sum / loads.Length;
        var squares = 0.0;
        foreach (var load in loads)
            squares += (load - mean) * (load - mean);
        var imbalance = Math.Sqrt(squares / loads.Length) / mean;
        return double.IsFinite(imbalance) ? imbalance : 0;
    }

    /// <summary>Drops what lies beyond the 15th decimal place. Candidates are compared in this form, so that noise does not decide between equals.</summary>
    public static double Truncate(double imbalance) => Math.Truncate(1e15 * imbalance) / 1e15;
}
