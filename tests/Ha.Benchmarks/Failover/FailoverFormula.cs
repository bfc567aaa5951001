using System.Globalization;
using Ha.Core.Config;

namespace Ha.Benchmarks.Failover;

/// <summary>What a profile's numbers promise for a failover, counted from the loss.</summary>
/// <param name="Soonest">Before that a lock may not pass on: the lost node may have renewed it up to a renewal interval ago.</param>
/// <param name="Latest">By then the service is picked up, where store and machines answer at once; its own start comes on top.</param>
/// <param name="Goal">What the median shall not exceed.</param>
internal sealed record FailoverFormula(TimeSpan Soonest, TimeSpan Latest, TimeSpan Goal)
{
    /// <summary>The formula: between L − r and L + 2 rounds for a member; for the master a waiting round more, until another CRM asks for the manager lock.</summary>
    public static FailoverFormula Of(TimingProfile profile, bool ofMaster) => new(
        profile.Lease - profile.Renewal,
        profile.Lease + (2 * profile.ActiveRound) + (ofMaster ? profile.WaitingRound : TimeSpan.Zero),
        TimeSpan.FromSeconds((profile.Name, ofMaster) switch
        {
            ("fast", false) => 11,
            ("fast", true) => 13,
            ("standard", false) => 20,
            ("standard", true) => 25,
            _ => 125,
        }));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Soonest.TotalSeconds:0.#} to {Latest.TotalSeconds:0.#} s, goal {Goal.TotalSeconds:0} s");
}
