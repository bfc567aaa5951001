namespace Ha.Core.Scheduling;

/// <summary>The used share of one kind of capacity on each node, prepared for the question what it were if one node's share were another.</summary>
/// <remarks>Sums run in the order of the nodes whichever node it is, so that the answers do not depend on how they were found.</remarks>
/// <param name="count">How many nodes there are.</param>
internal sealed class ShareColumn(int count)
{
    private readonly double[] _squares = new double[count];
    private readonly double[] _sumsBefore = new double[count];
    private double _highest;
    private double _secondHighest;
    private int _highestAt;

    /// <summary>Takes the shares of all nodes.</summary>
    public void Take(ReadOnlySpan<double> shares)
    {
        (_highest, _secondHighest, _highestAt) = (0, 0, -1);
        var sum = 0.0;
        for (var i = 0; i < shares.Length; i++)
        {
            var share = shares[i];
            _squares[i] = share * share;
            _sumsBefore[i] = sum;
            sum += _squares[i];
            if (share > _highest)
                (_highest, _secondHighest, _highestAt) = (share, _highest, i);
            else if (share > _secondHighest)
                _secondHighest = share;
        }
    }

    /// <summary>Average (root mean square) and highest share if one node had another one.</summary>
    /// <param name="index">The node.</param>
    /// <param name="share">Its other share.</param>
    public (double Average, double Highest) With(int index, double share)
    {
        var sum = _sumsBefore[index] + (share * share);
        foreach (var square in _squares.AsSpan(index + 1))
            sum += square;
        return (Math.Sqrt(sum / _squares.Length), Math.Max(share, index == _highestAt ? _secondHighest : _highest));
    }
}
