namespace Ha.Core.Model;

/// <summary>How one round of a daemon ended.</summary>
/// <param name="Exit">The daemon has nothing more to do: its process ends.</param>
/// <param name="NextWithin">When the next round must begin at the latest, counted from the end of this one; a host may begin it earlier.</param>
public readonly record struct RoundOutcome(bool Exit, TimeSpan NextWithin);
