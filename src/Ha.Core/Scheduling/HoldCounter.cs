namespace Ha.Core.Scheduling;

/// <summary>Counts the rounds in a row in which the imbalance was too high. A new master starts anew.</summary>
/// <param name="Rounds">Rounds counted so far.</param>
public readonly record struct HoldCounter(int Rounds)
{
    /// <summary>Counts one round.</summary>
    /// <param name="imbalance">The imbalance of the round.</param>
    /// <param name="threshold">What must be exceeded.</param>
    /// <param name="holdRounds">How many rounds in a row are needed.</param>
    /// <returns>The counter after the round, and whether it is time to act. After acting it starts anew, whatever comes of it.</returns>
    public (HoldCounter Next, bool Act) Count(double imbalance, double threshold, double holdRounds)
    {
        if (imbalance <= threshold)
            return (default, false);
        var next = new HoldCounter(Rounds + 1);
        return next.Rounds < holdRounds ? (next, false) : (default, true);
    }
}
