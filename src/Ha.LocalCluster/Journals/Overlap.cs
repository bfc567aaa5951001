namespace Ha.LocalCluster.Journals;

/// <summary>Two processes of one service that lived at the same time: what must never happen.</summary>
/// <param name="First">The one that began first.</param>
/// <param name="Second">The other.</param>
public sealed record Overlap(ServiceRun First, ServiceRun Second)
{
    /// <summary>All overlaps of one service's runs.</summary>
    /// <remarks>Two independent proofs, either is enough: the clock (the second began before the last sign of life of the first), and the order
    /// of the journal's records (the first wrote after the second did), which needs no clock.</remarks>
    public static IReadOnlyList<Overlap> Find(IReadOnlyList<ServiceRun> runs)
    {
        var found = new List<Overlap>();
        for (var i = 0; i < runs.Count; i++)
        {
            for (var j = i + 1; j < runs.Count; j++)
            {
                var (first, second) = runs[i].Started <= runs[j].Started ? (runs[i], runs[j]) : (runs[j], runs[i]);
                var byClock = second.Started < first.LastSeen;
                var byOrder = runs[i].LastIndex > runs[j].FirstIndex;
                if (byClock || byOrder)
                    found.Add(new Overlap(first, second));
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{First.Service} ran twice:\n  {First}\n  {Second}";
}
