using Ha.Benchmarks.Measuring;
using Ha.Core.Config;

namespace Ha.Benchmarks.Failover;

/// <summary>All samples of one store, profile and fault.</summary>
/// <param name="Samples">The samples; at least one.</param>
internal sealed record FailoverGroup(IReadOnlyList<FailoverSample> Samples)
{
    public string Store => Samples[0].Store;

    public string Profile => Samples[0].Profile;

    public bool OfMaster => Samples[0].OfMaster;

    /// <summary>How which node was lost, in words.</summary>
    public string What => $"{(OfMaster ? "master" : "member")} {Samples[0].Fault switch { FaultKind.Kill => "killed", FaultKind.Freeze => "frozen", _ => "cut off" }}";

    public FailoverFormula Formula => FormulaOf(OfMaster);

    public Distribution Total => new(Samples.Select(s => s.Total));

    /// <summary>What the profile promises.</summary>
    public FailoverFormula FormulaOf(bool master) => FailoverFormula.Of(TimingProfile.Find(Profile)!, master);

    /// <summary>How long one phase took.</summary>
    public Distribution Phase(int phase) => new(Samples.Select(s => s.Phases[phase]));

    /// <summary>The groups of many samples, in the order that tables have.</summary>
    public static IReadOnlyList<FailoverGroup> Of(IEnumerable<FailoverSample> samples) =>
        [.. samples.GroupBy(s => (s.Profile, s.Store, s.OfMaster, s.Fault)).OrderBy(g => g.Key).Select(g => new FailoverGroup([.. g]))];
}
