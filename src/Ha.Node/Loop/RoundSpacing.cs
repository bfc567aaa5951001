namespace Ha.Node.Loop;

/// <summary>How close together woken rounds may be: closely at first, wider when wake-ups do not end, so that a store in uproar (or a
/// mistake of ours) costs no more than the timer's rhythm.</summary>
/// <param name="shortest">The spacing of the first rounds.</param>
/// <param name="longest">The widest spacing.</param>
public sealed class RoundSpacing(TimeSpan shortest, TimeSpan longest)
{
    /// <summary>How many rounds in a row may be close together: more than a recovery has steps.</summary>
    public const int CloseRounds = 12;

    private int _inARow;

    /// <summary>The spacing before the next woken round.</summary>
    public TimeSpan Next
    {
        get
        {
            var doublings = Math.Clamp(_inARow - CloseRounds, 0, 16);
            var spacing = shortest * (1 << doublings);
            return spacing < longest ? spacing : longest;
        }
    }

    /// <summary>A wait has ended.</summary>
    /// <param name="woken">By a wake-up rather than by the timer.</param>
    public void Waited(bool woken) => _inARow = woken ? _inARow + 1 : 0;
}
