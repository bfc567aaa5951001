namespace Ha.Core.Model;

/// <summary>How the running services are kept balanced over the nodes.</summary>
public sealed record AutoRebalanceSettings
{
    /// <summary>The settings of an empty document: off.</summary>
    public static AutoRebalanceSettings Off { get; } = new();

    /// <summary>Whether services are moved for balance at all; acts in the scheduler modes <c>static</c> and <c>dynamic</c> only.</summary>
    public bool Enabled { get; init; }

    /// <summary>The imbalance that must be exceeded: a fraction (standard deviation of the nodes' load divided by its mean), 0 or more.</summary>
    public double Threshold { get; init; } = 0.3;

    /// <summary>How the best move is chosen: <c>bruteforce</c> or <c>topsis</c>; any other text chooses nothing.</summary>
    public string Method { get; init; } = "bruteforce";

    /// <summary>Rounds in a row above the threshold before something is moved; 0 and 1 both mean at once.</summary>
    public double HoldRounds { get; init; } = 3;

    /// <summary>The least improvement worth a move: a fraction of the imbalance, 0 or more.</summary>
    public double Margin { get; init; } = 0.1;
}
